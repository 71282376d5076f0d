import type { Props } from "../../rehearsal/types";

/** How bad it is: `loss` cannot be undone, `interruption` passes. */
export type Severity = "loss" | "interruption";

/** What a step costs besides the change itself. */
export interface Harm {
  readonly severity: Severity;
  /** The verb of what happens, such as `Deletes`. */
  readonly verb: string;
  /** What the resource is to people, such as `database`. */
  readonly noun: string;
  /** What data or time it costs. */
  readonly cost: string;
}

/** What of a resource a sentence depends on. */
export interface Change {
  readonly before: Props;
  readonly after: Props;
}

/** What people call a resource of a type, and what its end and its replacement cost. */
export interface Kind {
  readonly noun: string;
  readonly severity: Severity;
  readonly deleted: (change: Change) => string;
  /** @default what deleting costs, since the new one begins empty */
  readonly replaced?: (change: Change) => string;
}

const always = (cost: string) => () => cost;

const database: Kind = {
  noun: "database",
  severity: "loss",
  deleted: ({ before }) =>
    before.skipFinalSnapshot === true
      ? "no final snapshot is taken: what was written since the last backup is gone, and what uses it stops"
      : "what uses it stops, and the data is left only in backups and in the final snapshot that AWS takes",
  replaced: ({ after }) =>
    after.snapshotIdentifier === undefined
      ? "an empty one takes its place: what it holds is left only in backups, and what uses it stops meanwhile"
      : "one made from a snapshot takes its place: what was written since that snapshot is gone",
};

const bucket: Kind = {
  noun: "bucket",
  severity: "loss",
  deleted: ({ before }) =>
    before.forceDestroy === true
      ? "every object in it is gone, with all versions"
      : "its objects have to be gone before: AWS refuses while it holds any",
};

const secret: Kind = {
  noun: "secret",
  severity: "loss",
  deleted: ({ before }) =>
    before.recoveryWindowInDays === 0
      ? "its value is gone at once, and no task that names it starts"
      : `its value can be recovered for ${before.recoveryWindowInDays ?? 30} days, and no task that names it starts`,
};

/**
 * Types that hold something, or that something depends on while it runs. Snapshots of releases are none: each release
 * takes a new one, and production keeps the former ones.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  "aws:rds/instance:Instance": database,
  "aws:s3/bucket:Bucket": bucket,
  "aws:ecr/repository:Repository": {
    noun: "image registry",
    severity: "loss",
    deleted: always("its images are gone: no former release can come back, and no new task starts"),
  },
  "aws:backup/vault:Vault": {
    noun: "backup vault",
    severity: "loss",
    deleted: always("its recovery points are gone; AWS refuses while it holds any that are locked"),
  },
  "aws:secretsmanager/secret:Secret": secret,
  "aws:kms/key:Key": {
    noun: "encryption key",
    severity: "loss",
    deleted: always("what it encrypts can never be read again once its waiting time is over"),
  },
  "aws:sqs/queue:Queue": {
    noun: "queue",
    severity: "loss",
    deleted: always("messages that wait in it are gone"),
  },
  "github:index/repository:Repository": {
    noun: "repository",
    severity: "loss",
    deleted: always("its code, issues and releases are gone"),
  },
  "random:index/randomPassword:RandomPassword": {
    noun: "generated secret",
    severity: "interruption",
    deleted: always("whoever still uses the value is locked out"),
    replaced: always(
      "a new value: what was signed or opened with the former one no longer holds, unless it stays accepted",
    ),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    noun: "log",
    severity: "interruption",
    deleted: always("the lines it keeps are gone"),
  },
  "aws:ecs/service:Service": {
    noun: "process",
    severity: "interruption",
    deleted: always("it stops"),
    replaced: always("it is down from the end of the former until the new one is healthy"),
  },
  "aws:ecs/cluster:Cluster": {
    noun: "cluster",
    severity: "interruption",
    deleted: always("every process and schedule in it stops"),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    noun: "load balancer",
    severity: "interruption",
    deleted: always("no host answers"),
    replaced: always("no host answers until the new one is reachable: some minutes"),
  },
  "aws:lb/listener:Listener": {
    noun: "listener",
    severity: "interruption",
    deleted: always("no host answers"),
    replaced: always("no host answers between the former and the new one: seconds to minutes"),
  },
  "aws:lb/targetGroup:TargetGroup": {
    noun: "target group",
    severity: "interruption",
    deleted: always("the balancer no longer knows the process behind it"),
    replaced: always("requests wait or fail until the new one's tasks are healthy"),
  },
  "aws:lb/listenerRule:ListenerRule": {
    noun: "route",
    severity: "interruption",
    deleted: always("requests to its host are refused"),
    replaced: always("requests to its host are refused for some seconds"),
  },
  "aws:acm/certificate:Certificate": {
    noun: "certificate",
    severity: "interruption",
    deleted: always("its hosts have no TLS any more"),
    replaced: always(
      "the new one has to be validated first; until the listener has it, new hosts have no TLS",
    ),
  },
  "aws:ec2/vpc:Vpc": {
    noun: "network",
    severity: "interruption",
    deleted: always("everything that runs in it has to go first"),
  },
  "aws:ec2/subnet:Subnet": {
    noun: "subnet",
    severity: "interruption",
    deleted: always("what runs in it has to move first"),
  },
  "aws:ec2/eip:Eip": {
    noun: "public address",
    severity: "interruption",
    deleted: always("who admits only this address no longer admits us"),
  },
  "aws:sns/topic:Topic": {
    noun: "notice topic",
    severity: "interruption",
    deleted: always("nobody is told of failures until every subscriber has confirmed again"),
  },
  "cloudflare:index/dnsRecord:DnsRecord": {
    noun: "DNS record",
    severity: "interruption",
    deleted: always("its name no longer resolves, for as long as resolvers remember"),
    replaced: always("its name may not resolve for as long as resolvers remember"),
  },
  "cloudflare:index/workersScript:WorkersScript": {
    noun: "edge Worker",
    severity: "interruption",
    deleted: always("its hosts answer nothing but refusals"),
  },
};
