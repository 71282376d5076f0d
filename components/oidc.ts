import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";

/** Who signs the tokens of GitHub's workflows. */
export const ISSUER = "token.actions.githubusercontent.com";

/** A statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** A repository on GitHub, by name and by number. */
export interface TrustedRepository {
  /** GitHub user or organisation. */
  readonly owner: string;
  /** The owner's number, which outlives a rename. */
  readonly ownerId: string;
  /** The repository's name without its owner. */
  readonly repository: string;
  /** The repository's number, which outlives a rename. */
  readonly repositoryId: string;
}

/** The workflows that a role trusts: those of one repository that run in one of its environments. */
export interface Workflows extends TrustedRepository {
  /** The GitHub environment. */
  readonly environment: string;
}

/** The workflows of one repository's pull requests, but for those of forks: GitHub gives them no token. */
export interface PullRequests extends TrustedRepository {
  readonly pullRequests: true;
}

/** What a role may trust. */
export type Trusted = Workflows | PullRequests;

/**
 * What the token of such a workflow says it is, in both of GitHub's forms: repositories that were made,
 * renamed or moved after 2026-07-15 add the numbers, older ones do not. Both are complete, without
 * wildcards, and both end in the environment, or in what started the run: a token of a fork, of another
 * environment or of a plain branch says something else and is refused.
 */
export function subjects(of: Trusted): readonly [names: string, numbers: string] {
  const context = "environment" in of ? `environment:${of.environment}` : "pull_request";
  return [
    `repo:${of.owner}/${of.repository}:${context}`,
    `repo:${of.owner}@${of.ownerId}/${of.repository}@${of.repositoryId}:${context}`,
  ];
}

/** Lets exactly these subjects take on a role, with a token that was made out for AWS. */
export function trustDocument(
  providerArn: string,
  trusted: readonly string[],
  sid = "WorkflowsOfOneEnvironment",
) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: sid,
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: trusted } },
      },
    ],
  };
}

/** Lets exactly these workflows take on a role. */
function trust(providerArn: string, workflows: Trusted | readonly Trusted[]) {
  const all = [workflows].flat();
  const sid = all.every((each) => "pullRequests" in each) ? "PullRequestsOfOneRepository" : undefined;
  return trustDocument(providerArn, [...new Set(all.flatMap(subjects))], sid);
}

/** A policy with these statements. */
export function permissionDocument(statements: readonly Statement[]) {
  return { Version: "2012-10-17", Statement: statements };
}

/** Reading images of these registries. */
export function pullImages(registryArns: readonly string[]): readonly Statement[] {
  return [signIn, allow("ReadImages", READ, registryArns)];
}

/** Reading images of these registries and adding to them. Nothing can be deleted. */
export function pushImages(registryArns: readonly string[]): readonly Statement[] {
  return [signIn, allow("AddImages", [...READ, ...ADD], registryArns)];
}

/**
 * What a preview asks besides the state: which images there are, and how an adopted database is reached.
 * Nothing that reads an image, data or a secret. Who one is may always be asked.
 */
export function preview({ region, accountId }: Scope): readonly Statement[] {
  return [
    allow(
      "ListImages",
      ["ecr:DescribeImages", "ecr:ListImages"],
      [`arn:aws:ecr:${region}:${accountId}:repository/*`],
    ),
    allow("FindDatabases", ["rds:DescribeDBInstances"], [`arn:aws:rds:${region}:${accountId}:db:*`]),
  ];
}

const READ = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

const ADD = ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"];

function allow(sid: string, actions: readonly string[], resources: readonly string[]): Statement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: resources };
}

/** The API of this one action knows no resource: it gives a password, which opens what the role may open. */
const signIn = allow("SignIn", ["ecr:GetAuthorizationToken"], ["*"]);

/**
 * Who vouches for GitHub's tokens in an account.
 *
 * @param registers whether the account learns of it here; it takes that once
 */
export function githubIssuer(
  name: string,
  scope: Scope,
  registers: boolean,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (!registers) return pulumi.output(`arn:aws:iam::${scope.accountId}:oidc-provider/${ISSUER}`);
  // Its thumbprint is left out: AWS does not look at it for GitHub.
  return new aws.iam.OpenIdConnectProvider(
    `${name}-issuer`,
    { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"], tags: tags(scope, "github") },
    opts,
  ).arn;
}

export interface WorkflowRoleArgs {
  readonly scope: Scope;
  /** What the role is for: one role for each purpose. Part of its name. */
  readonly role: string;
  readonly description: string;
  /** Who vouches for GitHub's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
  /** The workflows that may take it on: of one environment, or of one environment's name in several repositories. */
  readonly workflows: pulumi.Input<Trusted | readonly Trusted[]>;
  /** What it may do. */
  readonly statements: pulumi.Input<readonly Statement[]>;
}

/** A role that workflows take on with their token: no key is kept anywhere. */
export class WorkflowRole extends pulumi.ComponentResource {
  /** The role's ARN. */
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: WorkflowRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:oidc:WorkflowRole", name, {}, opts);
    const { scope } = args;
    const child = { parent: this };

    const role = new aws.iam.Role(
      name,
      {
        name: physicalName(scope, args.role, 64),
        description: args.description,
        assumeRolePolicy: pulumi
          .all([args.providerArn, args.workflows])
          .apply(([providerArn, workflows]) => JSON.stringify(trust(providerArn, workflows))),
        maxSessionDuration: 3600,
        tags: tags(scope, args.role),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: pulumi.output(args.statements).apply((all) => JSON.stringify(permissionDocument(all))),
      },
      child,
    );

    // Whoever has the ARN can use the role: its permissions are there by then.
    this.roleArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
