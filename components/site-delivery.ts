import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { NoticesSettings } from "../config/schema";
import type { Commits } from "./commits";
import { GithubEnvironment } from "./github-environment";
import { GitlabRole } from "./gitlab-issuer";
import type { Scope } from "./names";
import { type Statement, WorkflowRole } from "./oidc";
import type { DeployedSite } from "./site";
import { siteFile, siteWorkflow } from "./workflows/site";
import { siteEnvironment } from "./workflows/site-parts";
import {
  CLOUDFLARE_ACCOUNT,
  CLOUDFLARE_TOKEN,
  PAGES_PROJECT,
  REGION,
  ROLE,
  SITE_BUCKET,
  SITE_URL,
} from "./workflows/variables";
import { serialise } from "./workflows/workflow";

export interface SiteDeliveryArgs {
  readonly scope: Scope;
  /** The site's key in the configuration: part of its names. */
  readonly key: string;
  /** The GitHub user or organisation that owns the repository. */
  readonly owner: string;
  /** The owner's number, which outlives a rename. */
  readonly ownerId: pulumi.Input<string>;
  /** Where the workflow is committed: the site's repository, and the branch that is compiled. */
  readonly commits: Commits;
  /**
   * Who vouches, in this account, for the tokens of those who upload: GitHub, or GitLab for a site there. Nobody for
   * a site without a bucket.
   */
  readonly providerArn: pulumi.Input<string> | undefined;
  readonly site: DeployedSite;
  /** Who is told when a run failed. */
  readonly notices: NoticesSettings;
  /** What the workflow reads besides, and so must stand before it. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * How a static site reaches where it is served: a GitHub environment of its own, a role that opens its bucket or a
 * token for Pages, and the workflow. A site on GitLab gets the role only: its pipeline is printed, and its project is
 * not the stack's. A site that the host compiles gets nothing.
 */
export class SiteDelivery extends pulumi.ComponentResource {
  /** The role that uploads. None where there is no bucket. */
  public readonly roleArn: pulumi.Output<string> | undefined;
  /** Path of the workflow in the repository. None where there is none. */
  public readonly workflow: string | undefined;

  constructor(name: string, args: SiteDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:delivery:SiteDelivery", name, {}, opts);
    const { gitlab, pipeline } = args.site.settings;

    if (gitlab !== undefined) this.roleArn = gitlabRole(this, name, args, gitlab);
    else if (pipeline === "actions") {
      const environment = environmentOf(this, name, args);
      this.roleArn = githubRole(this, name, args, environment);
      const read = declareValues(this, name, args, environment, this.roleArn);
      this.workflow = commitWorkflow(this, name, args, read);
    }
    this.registerOutputs({ roleArn: this.roleArn, workflow: this.workflow });
  }
}

function environmentOf(
  parent: SiteDelivery,
  name: string,
  { scope, key, commits }: SiteDeliveryArgs,
): GithubEnvironment {
  return new GithubEnvironment(
    name,
    {
      repository: commits.repository,
      environment: siteEnvironment(scope.environment, key),
      branch: commits.branch,
    },
    { parent },
  );
}

const descriptionOf = ({ scope, key }: SiteDeliveryArgs) =>
  `Uploads the site ${key} of ${scope.project} ${scope.environment}`;

/** Its objects, and seeing which there are. Of another bucket, and of this one's settings, nothing. */
const uploadTo = (bucketArn: string): readonly Statement[] => [
  { Sid: "SeeFiles", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucketArn] },
  {
    Sid: "ChangeFiles",
    Effect: "Allow",
    Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    Resource: [`${bucketArn}/*`],
  },
];

function githubRole(
  parent: SiteDelivery,
  name: string,
  args: SiteDeliveryArgs,
  { repositoryId }: GithubEnvironment,
): pulumi.Output<string> | undefined {
  const { scope, key, owner, ownerId, commits, providerArn, site } = args;
  if (site.bucket === undefined || providerArn === undefined) return undefined;
  return new WorkflowRole(
    `${name}-role`,
    {
      scope,
      role: `site-${key}`,
      description: descriptionOf(args),
      providerArn,
      workflows: pulumi.output({
        owner,
        ownerId,
        repository: commits.repository,
        repositoryId: repositoryId.apply(String),
        environment: siteEnvironment(scope.environment, key),
      }),
      statements: pulumi.output(site.bucket.arn).apply(uploadTo),
    },
    { parent },
  ).roleArn;
}

function gitlabRole(
  parent: SiteDelivery,
  name: string,
  args: SiteDeliveryArgs,
  project: string,
): pulumi.Output<string> | undefined {
  const { scope, key, commits, providerArn, site } = args;
  if (site.bucket === undefined || providerArn === undefined) return undefined;
  return new GitlabRole(
    `${name}-role`,
    {
      scope,
      role: `site-${key}`,
      description: descriptionOf(args),
      providerArn,
      project,
      branch: commits.branch,
      statements: pulumi.output(site.bucket.arn).apply(uploadTo),
    },
    { parent },
  ).roleArn;
}

function declareValues(
  parent: SiteDelivery,
  name: string,
  { scope, commits: { repository }, site }: SiteDeliveryArgs,
  { environment }: GithubEnvironment,
  roleArn: pulumi.Output<string> | undefined,
): readonly pulumi.Resource[] {
  const { bucket, pages, url } = site;
  const values = {
    [SITE_URL]: url,
    ...(roleArn && { [REGION]: scope.region, [ROLE]: roleArn }),
    ...(bucket && { [SITE_BUCKET]: bucket.name }),
    ...(pages && { [CLOUDFLARE_ACCOUNT]: pages.accountId, [PAGES_PROJECT]: pages.project }),
  };
  const variables = Object.entries(values).map(
    ([variableName, value]) =>
      new github.ActionsEnvironmentVariable(
        `${name}-${variableName}`,
        { repository, environment, variableName, value },
        { parent },
      ),
  );
  if (pages?.token === undefined) return variables;
  const token = new github.ActionsEnvironmentSecret(
    `${name}-${CLOUDFLARE_TOKEN}`,
    { repository, environment, secretName: CLOUDFLARE_TOKEN, value: pulumi.secret(pages.token) },
    { parent },
  );
  return [...variables, token];
}

function commitWorkflow(
  parent: SiteDelivery,
  name: string,
  { scope: { environment }, key, commits, site, notices, after }: SiteDeliveryArgs,
  read: readonly pulumi.Resource[],
): string {
  const { settings, noindex } = site;
  const { branch } = commits;
  const workflow = siteWorkflow({ environment, key, branch, settings, noindex, notices });
  const file = siteFile(environment, key);
  commits.add(
    `${name}-workflow`,
    { file, content: serialise(workflow), what: workflow.name },
    { parent, dependsOn: [...after, ...read] },
  );
  return file;
}
