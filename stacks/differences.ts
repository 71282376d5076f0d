import { reasonFor } from "./postures";

/** One difference between sandbox and production that is meant. */
export interface Allowed {
  /** Pulumi type, with `*` for any characters. */
  readonly type: string;
  /** Logical name, with `*` for any characters. @default any */
  readonly name?: string;
  /** Dotted property path, with `*` for any characters; `exists` where only one environment has the resource. */
  readonly property: string;
  /** Why the two may differ here. */
  readonly because: string;
  /** The last day on which the reason holds, ISO date. @default it always holds */
  readonly until?: string;
}

const SIZES = "sizes and counts are the team's: Pulumi.<stack>.yaml says them";
const HOSTS = "each environment has its own hosts, and production may have aliases";
const RANGES = "each environment has its own address range";
const VALUES = "the team set the value apart in Pulumi.<stack>.yaml";
const BRANCHES = "each environment compiles its own branch of a site";
const PROMOTION = "the sandbox builds an image, production copies it";
const WATCHED = "what sleeps in an environment is not watched there";
const OFFICE = "a sandbox may sleep at night, and its keeper has more to keep then";
const ARRIVING = "what comes from outside may come to one environment only, or more often to one";
const RELEASED = "what sleeps in an environment is not released there";
const ADOPTED = "an environment may begin with data that exists";
const ISSUER = "an account takes GitHub's issuer once: in one account, the sandbox has it";
const ROTATED = "a rotation reaches the sandbox first";
const DEMO = "demo data is for the sandbox only";

/**
 * The one table of differences between the two environments that may show in their plans.
 * `npx tandem parity` fails on any other.
 */
export const DIFFERENCES: readonly Allowed[] = [
  // The team's own values.
  { type: "aws:ecs/service:Service", property: "desiredCount", because: SIZES },
  { type: "aws:ecs/taskDefinition:TaskDefinition", property: "cpu", because: SIZES },
  { type: "aws:ecs/taskDefinition:TaskDefinition", property: "memory", because: SIZES },
  { type: "aws:rds/instance:Instance", property: "instanceClass", because: SIZES },
  { type: "aws:rds/instance:Instance", property: "*llocatedStorage", because: SIZES },
  { type: "aws:appautoscaling/target:Target", property: "*Capacity", because: SIZES },
  { type: "aws:appautoscaling/*", property: "exists", because: SIZES },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "monitoring-database-*",
    property: "threshold",
    because: "thresholds follow the database's size",
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "monitoring-database-*",
    property: "alarmDescription",
    because: "thresholds follow the database's size",
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "monitoring-database-*-credits",
    property: "exists",
    because: "only the burstable sizes live on credits",
  },
  ...["service-*", "application-errors", "balancer-errors", "slow-answers", "probe"].map((alarm) => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: `monitoring-${alarm}`,
    property: "exists",
    because: WATCHED,
  })),
  { type: "aws:route53/healthCheck:HealthCheck", property: "exists", because: WATCHED },
  { type: "aws:scheduler/schedule:Schedule", name: "schedules-*", property: "state", because: VALUES },
  {
    type: "aws:ssm/parameter:Parameter",
    name: "schedules-*-clock",
    property: "insecureValue",
    because: VALUES,
  },
  {
    type: "github:index/repositoryFile:RepositoryFile",
    name: "delivery-jobs-data",
    property: "exists",
    because: VALUES,
  },
  {
    type: "github:index/repositoryFile:RepositoryFile",
    name: "delivery-watch",
    property: "content",
    because: "a schedule that GitHub starts may be off in one environment, and then has no workflow to watch",
  },
  { type: "random:index/randomId:RandomId", name: "*-release-key", property: "exists", because: RELEASED },
  {
    type: "random:index/randomId:RandomId",
    name: "*-release-key",
    property: "keepers.* serves",
    because: "an environment may serve a schema that was restored: databases.<key>.serves says which",
  },
  { type: "aws:rds/snapshot:Snapshot", property: "exists", because: RELEASED },
  { type: "aws:lambda/invocation:Invocation", property: "exists", because: RELEASED },
  {
    type: "aws:ecs/service:Service",
    property: "deploymentCircuitBreaker.rollback",
    because: "a version whose release migrated data is not rolled back, and environments migrate apart",
  },
  { type: "aws:cloudwatch/dashboard:Dashboard", property: "dashboardBody.widgets.*", because: WATCHED },
  {
    type: "aws:lambda/function:Function",
    name: "office-hours",
    property: "code.assets.kept.json*",
    because: OFFICE,
  },
  { type: "aws:lambda/function:Function", name: "office-hours", property: "code.hash", because: OFFICE },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "office-hours-role-policy",
    property: "policy.Statement*",
    because: OFFICE,
  },
  { type: "aws:*", name: "intake*", property: "exists", because: ARRIVING },
  { type: "aws:s3/bucketNotification:*", name: "bucket-*-events", property: "exists", because: ARRIVING },
  {
    type: "aws:lambda/function:Function",
    name: "intake",
    property: "environment.variables.*",
    because: ARRIVING,
  },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "intake-role-policy",
    property: "policy.Statement.*.Resource*",
    because: ARRIVING,
  },
  { type: "aws:rds/instance:Instance", property: "snapshotIdentifier", because: ADOPTED },
  { type: "aws:budgets/budget:Budget", property: "limitAmount", because: VALUES },
  { type: "aws:backup/plan:Plan", property: "rules.*.schedule*", because: VALUES },
  ...["schedule*", "state"].map((property) => ({
    type: "aws:scheduler/schedule:Schedule",
    name: "dumps-*",
    property,
    because: VALUES,
  })),
  {
    type: "aws:scheduler/schedule:Schedule",
    name: "guard-watch",
    property: "target.input.schedules.*--*.within",
    because: "when a dump is missing follows from how often the team backs up",
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "dumps-*",
    property: "alarmDescription",
    because: "an alarm says when what it watches was due, and the team says when",
  },
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "dumps-*-refresh",
    property: "exists",
    because: "only what may be replaced at any time is replaced by anonymised data: the sandbox's databases",
  },
  ...["evaluationPeriods", "exists"].map((property) => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: "backups-no-backup",
    property,
    because: "when a backup is missing follows from how often the team backs up",
  })),
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    property: "containerDefinitions.*.environment.*.value",
    because: VALUES,
  },
  {
    type: "aws:lambda/invocation:Invocation",
    name: "verification",
    property: "input.values.*",
    because: VALUES,
  },

  {
    type: "aws:lambda/invocation:Invocation",
    name: "*-source-*-run",
    property: "input.key",
    because: "a source of data has its own address and key in each environment",
  },

  // Names and addresses.
  { type: "aws:ec2/vpc:Vpc", property: "cidrBlock", because: RANGES },
  { type: "aws:ec2/subnet:Subnet", property: "cidrBlock", because: RANGES },
  { type: "aws:lb/listenerRule:ListenerRule", name: "*-alias-*", property: "exists", because: HOSTS },
  { type: "aws:lb/listenerRule:ListenerRule", name: "*-alias-*", property: "priority", because: HOSTS },
  {
    type: "aws:lambda/invocation:Invocation",
    name: "verification",
    property: "input.sites.*",
    because: HOSTS,
  },
  { type: "aws:acm/certificate:Certificate", property: "domainName", because: HOSTS },
  { type: "aws:acm/certificate:Certificate", property: "subjectAlternativeNames*", because: HOSTS },
  { type: "aws:acm/certificateValidation:*", property: "validationRecordFqdns*", because: HOSTS },
  { type: "cloudflare:index/dnsRecord:DnsRecord", name: "certificate-*", property: "exists", because: HOSTS },
  { type: "cloudflare:index/dnsRecord:DnsRecord", name: "certificate-*", property: "name", because: HOSTS },
  {
    type: "cloudflare:index/dnsRecord:DnsRecord",
    name: "certificate-*",
    property: "content",
    because: HOSTS,
  },
  { type: "cloudflare:index/dnsRecord:DnsRecord", name: "edge-*", property: "exists", because: HOSTS },
  { type: "cloudflare:index/workersRoute:*", property: "exists", because: HOSTS },
  { type: "cloudflare:index/dnsRecord:DnsRecord", name: "site-*", property: "exists", because: HOSTS },
  { type: "cloudflare:index/workersScript*", name: "site-*", property: "exists", because: HOSTS },

  // Sites.
  ...["branch", "content"].map((property) => ({
    type: "github:index/repositoryFile:RepositoryFile",
    name: "delivery-site-*-workflow",
    property,
    because: BRANCHES,
  })),
  {
    type: "github:index/repositoryEnvironmentDeploymentPolicy:*",
    name: "delivery-site-*-branch",
    property: "branchPattern",
    because: BRANCHES,
  },
  { type: "cloudflare:index/pagesProject:*", property: "*roductionBranch", because: BRANCHES },
  {
    type: "cloudflare:index/pagesProject:*",
    property: "buildConfig.buildCommand",
    because: reasonFor("noindex"),
  },
  { type: "cloudflare:index/pagesProject:*", property: "*.envVars.*", because: VALUES },
  { type: "cloudflare:index/notificationPolicy:*", property: "mechanisms.emails*", because: VALUES },
  {
    type: "cloudflare:index/notificationPolicy:*",
    property: "filters.projectIds.*",
    because: "an alert knows a project by an id that Cloudflare made up",
  },

  {
    type: "cloudflare:index/zeroTrustAccess*",
    name: "edge-*",
    property: "exists",
    because: "a sandbox may be for the team only while production is for everybody",
  },
  {
    type: "github:index/actionsEnvironmentVariable:*",
    name: "delivery-switches-SWITCHES_HOSTS",
    property: "value*",
    because: HOSTS,
  },

  // What exists once.
  { type: "cloudflare:*", name: "zone-*", property: "exists", because: reasonFor("common") },
  { type: "cloudflare:*", name: "mailbox*", property: "exists", because: reasonFor("common") },
  { type: "github:*", name: "delivery-repository*", property: "exists", because: reasonFor("common") },

  // What protects production and keeps the sandbox cheap.
  { type: "aws:rds/instance:Instance", property: "multiAz", because: reasonFor("multiAz") },
  {
    type: "aws:rds/instance:Instance",
    property: "deletionProtection",
    because: reasonFor("deletionProtection"),
  },
  {
    type: "aws:lb/loadBalancer:LoadBalancer",
    property: "enableDeletionProtection",
    because: reasonFor("deletionProtection"),
  },
  {
    type: "aws:*",
    property: "tags.ProtectionLiftedUntil",
    because: "an acknowledgement lifts the protection of what only production protects",
  },
  { type: "aws:rds/instance:Instance", property: "*inalSnapshot*", because: reasonFor("finalSnapshot") },
  {
    type: "aws:rds/instance:Instance",
    property: "deleteAutomatedBackups",
    because: reasonFor("finalSnapshot"),
  },
  {
    type: "random:index/randomId:RandomId",
    name: "*-life",
    property: "exists",
    because: reasonFor("finalSnapshot"),
  },
  {
    type: "aws:rds/instance:Instance",
    property: "backupRetentionPeriod",
    because: reasonFor("databaseBackupDays"),
  },
  { type: "aws:*", name: "network-flows*", property: "exists", because: reasonFor("flowLogs") },
  { type: "aws:cloudwatch/logGroup:LogGroup", property: "retentionInDays", because: reasonFor("logDays") },
  {
    type: "aws:secretsmanager/secret:Secret",
    property: "recoveryWindowInDays",
    because: reasonFor("secretRecoveryDays"),
  },
  { type: "aws:*", property: "forceDe*", because: reasonFor("forceDestroy") },
  {
    type: "aws:backup/vaultLockConfiguration:*",
    property: "minRetentionDays",
    because: reasonFor("lockDays"),
  },
  {
    type: "aws:s3/bucketObjectLockConfiguration:*",
    property: "rule.defaultRetention.days",
    because: reasonFor("lockDays"),
  },
  {
    type: "cloudflare:index/workersScript:WorkersScript",
    property: "bindings*",
    because: reasonFor("noindex"),
  },
  { type: "aws:ecs/cluster:Cluster", property: "settings.*", because: reasonFor("containerInsights") },
  { type: "github:index/repositoryEnvironment:*", property: "*eviewers*", because: reasonFor("reviewed") },

  {
    type: "aws:iam/openIdConnectProvider:*",
    name: "delivery-*issuer",
    property: "exists",
    because: ISSUER,
  },
  {
    type: "aws:iam/role:Role",
    name: "delivery-*",
    property: "assumeRolePolicy.Statement.0.Principal.Federated",
    because: ISSUER,
  },

  // Rotation.
  { type: "random:index/randomPassword:*", name: "secrets-*", property: "exists", because: ROTATED },
  {
    type: "random:index/randomPassword:*",
    name: "database-*-password*",
    property: "exists",
    because: ROTATED,
  },
  { type: "aws:*", name: "database-*-users*", property: "exists", because: ROTATED },
  {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    property: "containerDefinitions.*.secrets.*_FALLBACKS*",
    because: ROTATED,
  },

  // Promotion.
  {
    type: "github:index/repositoryFile:RepositoryFile",
    name: "delivery-deploy",
    property: "content",
    because: PROMOTION,
  },
  {
    // Its variables that production reads, and the token that starts the stack's workflows.
    type: "github:index/actions*",
    name: "delivery-deploy-*",
    property: "exists",
    because: PROMOTION,
  },
  { type: "aws:iam/*", name: "delivery-deploy-roles-reader*", property: "exists", because: PROMOTION },
  { type: "aws:*", name: "*-demo", property: "exists", because: DEMO },
  { type: "aws:*", name: "*-demo-log", property: "exists", because: DEMO },
  { type: "*", name: "*-demo-data-*", property: "exists", because: DEMO },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "releaser-role-policy",
    property: "policy.Statement.*.Resource.*",
    because: DEMO,
  },
];
