import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";
import { permissionDocument, type Statement } from "./oidc";

/** Who signs the tokens of GitLab's pipelines. */
export const GITLAB_ISSUER = "gitlab.com";

/**
 * Who vouches for GitLab's tokens in an account.
 *
 * @param registers whether the account learns of it here; it takes that once
 */
export function gitlabIssuer(
  name: string,
  scope: Scope,
  registers: boolean,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (!registers) return pulumi.output(`arn:aws:iam::${scope.accountId}:oidc-provider/${GITLAB_ISSUER}`);
  return new aws.iam.OpenIdConnectProvider(
    `${name}-gitlab-issuer`,
    { url: `https://${GITLAB_ISSUER}`, clientIdLists: ["sts.amazonaws.com"], tags: tags(scope, "gitlab") },
    opts,
  ).arn;
}

/** A branch of a project on GitLab. */
export interface GitlabBranch {
  /** With its groups: `agency/site`. */
  readonly project: string;
  readonly branch: string;
}

/**
 * Lets the pipelines of exactly this branch take on a role: not those of tags, of merge requests or of forks. The
 * path of a project can pass to somebody else once it was given up; GitLab's tokens have no subject with numbers.
 */
export function gitlabTrust(providerArn: string, { project, branch }: GitlabBranch) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PipelinesOfOneBranch",
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${GITLAB_ISSUER}:aud`]: "sts.amazonaws.com",
            [`${GITLAB_ISSUER}:sub`]: `project_path:${project}:ref_type:branch:ref:${branch}`,
          },
        },
      },
    ],
  };
}

export interface GitlabRoleArgs extends GitlabBranch {
  readonly scope: Scope;
  /** What the role is for. Part of its name. */
  readonly role: string;
  readonly description: string;
  /** Who vouches for GitLab's tokens in this account. */
  readonly providerArn: pulumi.Input<string>;
  /** What it may do. */
  readonly statements: pulumi.Input<readonly Statement[]>;
}

/** A role that the pipelines of one branch on GitLab take on with their token: no key is kept anywhere. */
export class GitlabRole extends pulumi.ComponentResource {
  /** The role's ARN. */
  public readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: GitlabRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:oidc:GitlabRole", name, {}, opts);
    const { scope } = args;
    const role = new aws.iam.Role(
      name,
      {
        name: physicalName(scope, args.role, 64),
        description: args.description,
        assumeRolePolicy: pulumi
          .output(args.providerArn)
          .apply((providerArn) => JSON.stringify(gitlabTrust(providerArn, args))),
        maxSessionDuration: 3600,
        tags: tags(scope, args.role),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        role: role.name,
        policy: pulumi.output(args.statements).apply((all) => JSON.stringify(permissionDocument(all))),
      },
      { parent: this },
    );

    this.roleArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
