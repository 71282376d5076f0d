import { allow } from "../guard/policies";
import { physicalName, type Scope } from "../names";

/** What the keeper keeps, as it reads it. */
export interface Kept {
  /** Whether the environment is on: off, nothing wakes it. */
  readonly on: boolean;
  /** When it is awake. @default always */
  readonly hours?:
    | {
        readonly from: string;
        readonly to: string;
        readonly days: readonly string[];
        readonly timeZone: string;
      }
    | undefined;
  /** Copies by name of the ECS service; the least and the most where load decides. */
  readonly services: Readonly<Record<string, number | readonly [number, number]>>;
  /** Instances that stop: whether each runs while the environment is awake, or nothing asks it even then. */
  readonly databases: Readonly<Record<string, boolean>>;
  /** By the name of each schedule that pauses: whether it is on while the environment is awake. */
  readonly schedules: Readonly<Record<string, boolean>>;
  /** What the names of alarms that are quiet while it sleeps begin with, behind project and environment. */
  readonly alarms: readonly string[];
  /** The applications that can be closed: what is planned, and whose alarms are quiet meanwhile. */
  readonly maintenance: Readonly<Record<string, Closing>>;
  /** Alarms of what these share: quiet while all of them are closed. */
  readonly shared: readonly string[];
}

export interface Closing {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly alarms: readonly string[];
}

interface Around {
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly logArn: string;
  /** The bucket of the switches. */
  readonly switchesArn: string;
  /** The group of the schedules. */
  readonly group: string;
}

/** Counts of these services, state of these databases and schedules, ears of these alarms, its own notes: nothing else. */
export function keeperPolicy(scope: Scope, kept: Kept, around: Around) {
  const { clusterArn, clusterName, logArn, switchesArn, group } = around;
  const arn = (service: string, rest: string, region = scope.region) =>
    `arn:aws:${service}:${region}:${scope.accountId}:${rest}`;
  const name = physicalName(scope, "", 64);
  const closing = Object.values(kept.maintenance).flatMap((each) => each.alarms);
  // In the environment's region, and where AWS keeps the alarms of what it looks at from outside.
  const alarms = widest([...kept.alarms, ...kept.shared, ...closing]).map((role) =>
    arn("cloudwatch", `alarm:${name}-${role}*`, "*"),
  );
  const databases = Object.keys(kept.databases).map((id) => arn("rds", `db:${id}`));
  const schedules = Object.keys(kept.schedules).map((each) => arn("scheduler", `schedule/${group}/${each}`));
  const caller = arn("iam", `role/${physicalName(scope, "scheduler", 64)}`, "");
  return {
    Version: "2012-10-17",
    Statement: [
      ...(Object.keys(kept.services).length > 0
        ? [
            // All that runs in this cluster: naming each is too long for a role from a dozen applications on.
            allow(
              "Count",
              ["ecs:DescribeServices", "ecs:UpdateService"],
              arn("ecs", `service/${clusterName}/*`),
            ),
            allow("Rest", ["ecs:ListTasks"], "*", { ArnEquals: { "ecs:cluster": clusterArn } }),
            // What load decides has no narrower name.
            allow("Bounds", ["application-autoscaling:DescribeScalableTargets"], "*"),
            allow(
              "Rebound",
              ["application-autoscaling:RegisterScalableTarget"],
              arn("application-autoscaling", "scalable-target/*"),
              { StringEquals: { "application-autoscaling:service-namespace": "ecs" } },
            ),
          ]
        : []),
      ...(databases.length > 0
        ? [
            allow(
              "Databases",
              ["rds:DescribeDBInstances", "rds:StartDBInstance", "rds:StopDBInstance"],
              databases,
            ),
          ]
        : []),
      ...(schedules.length > 0
        ? [
            allow("Schedules", ["scheduler:GetSchedule", "scheduler:UpdateSchedule"], schedules),
            // A schedule is changed as a whole, its role with it.
            allow("Pass", ["iam:PassRole"], caller, {
              StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" },
            }),
          ]
        : []),
      allow("Listen", ["cloudwatch:DescribeAlarms"], "*"),
      ...(alarms.length > 0
        ? [
            allow(
              "Hush",
              ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions", "cloudwatch:SetAlarmState"],
              alarms,
            ),
          ]
        : []),
      allow("Switches", ["s3:GetObject"], `${switchesArn}/maintenance/*`),
      // So that a switch that is not there is told from one that may not be read.
      allow("NoSwitch", ["s3:ListBucket"], switchesArn),
      allow(
        "Notes",
        ["ssm:GetParameter", "ssm:PutParameter"],
        arn("ssm", `parameter/${scope.project}/${scope.environment}/office-hours/*`),
      ),
      allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], `${logArn}:*`),
    ],
  };
}

/** Beginnings of names, without those that begin as another one does. */
function widest(beginnings: readonly string[]): string[] {
  const all = [...new Set(beginnings)];
  return all.filter((each) => !all.some((other) => other !== each && each.startsWith(other)));
}
