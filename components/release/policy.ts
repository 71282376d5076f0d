import { allow } from "../guard/policies";
import { pathName, physicalName, type Scope } from "../names";

/** What the function's permissions are about, once known. */
export interface Released {
  /** Keys of the applications whose commands it runs. */
  readonly applications: readonly string[];
  /** Keys of those that have demonstration data. */
  readonly demos: readonly string[];
  /** Keys of the sources that are checked, by application. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** Identifiers of the databases that are backed up before a release. */
  readonly databases: readonly string[];
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly logGroupArn: string;
}

/** What of an application the function runs: names of a task family and its log. */
export const COMMANDS = ["release", "migrations"] as const;
export type Command = (typeof COMMANDS)[number] | "demo";

/** The role of a command's task in names. */
export const commandRole = (command: string, application: string) => `${command}-${application}`;

/** Where a command's log stands, below project and environment. */
export const commandLog = (command: string, application: string) => [application, "task", command];

/** The role of a source's check in names: an underscore, which keys cannot have, keeps the two apart. */
export const sourceRole = (application: string, source: string) => `source-${application}_${source}`;

/** Where a source's check writes, below project and environment. */
export const sourceLog = (application: string, source: string) => [application, "source", source];

/** Run release commands in this one cluster, read what they say, look at databases, remove old release snapshots. */
export function releasePolicy(scope: Scope, on: Released) {
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${scope.region}:${scope.accountId}:${rest}`;
  // Each by its command: naming each application too is too long for a role from a dozen of them on.
  const commands = [
    ...(on.applications.length > 0 ? COMMANDS : []),
    ...(on.demos.length > 0 ? ["demo"] : []),
  ];
  const families = commands.map((command) => definition(scope, arn, commandRole(command, "*")));
  const logs = commands.map((command) =>
    arn("logs", `log-group:${pathName(scope, ...commandLog(command, "*"))}:*`),
  );
  const checks = Object.entries(on.sources).flatMap(([application, sources]) =>
    sources.map((source) => definition(scope, arn, sourceRole(application, source))),
  );
  const inCluster = { ArnEquals: { "ecs:cluster": on.clusterArn } };
  const toTasks = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Run", ["ecs:RunTask"], [...families, ...checks], inCluster),
      allow("Pass", ["iam:PassRole"], on.applications.flatMap(rolesOf(scope)), toTasks),
      allow("Tasks", ["ecs:DescribeTasks"], arn("ecs", `task/${on.clusterName}/*`), inCluster),
      // Knows no narrower resource; its condition narrows it.
      allow("List", ["ecs:ListTasks"], "*", inCluster),
      allow("Read", ["logs:GetLogEvents"], [...logs, `${on.logGroupArn}:*`]),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], `${on.logGroupArn}:*`),
      ...(on.databases.length > 0 ? databases(on.databases, arn) : []),
    ],
  };
}

type Arn = (service: string, rest: string) => string;

const definition = (scope: Scope, arn: Arn, role: string) =>
  arn("ecs", `task-definition/${physicalName(scope, role, 255)}:*`);

/** The roles that components/roles.ts makes: exactly these may be handed to a task. */
const rolesOf = (scope: Scope) => (application: string) =>
  ["execution", "task"].map(
    (kind) => `arn:aws:iam::${scope.accountId}:role/${physicalName(scope, `${application}-${kind}`, 64)}`,
  );

function databases(identifiers: readonly string[], arn: Arn) {
  const all = [...new Set(identifiers)].sort();
  const instances = all.map((identifier) => arn("rds", `db:${identifier}`));
  return [
    allow("Databases", ["rds:DescribeDBInstances"], instances),
    // The list of an instance's snapshots is asked for all snapshots of the account.
    allow("Snapshots", ["rds:DescribeDBSnapshots"], [...instances, arn("rds", "snapshot:*")]),
    allow(
      "Prune",
      ["rds:DeleteDBSnapshot"],
      all.map((identifier) => arn("rds", `snapshot:${identifier}-release-*`)),
    ),
  ];
}
