import { ACMClient } from "@aws-sdk/client-acm";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { physicalName } from "../../components/names";
import type { Settings } from "../../config/settings";
import { CommandError } from "../errors";
import { scopeOf } from "./environment";
import { reasonOf } from "./known";

/** Everything that asks a real environment's account. */
export interface Clients {
  readonly ecs: ECSClient;
  readonly rds: RDSClient;
  readonly logs: CloudWatchLogsClient;
  readonly metrics: CloudWatchClient;
  /** What Route 53 measures is known in us-east-1 only. */
  readonly globalMetrics: CloudWatchClient;
  readonly certificates: ACMClient;
  readonly storage: S3Client;
}

/** Clients of one environment: the one place where they are made. Credentials are the operator's own, as the SDK finds them. */
export function clientsOf({ region }: Pick<Settings, "region">): Clients {
  const here = { region, maxAttempts: 4 };
  return {
    ecs: new ECSClient(here),
    rds: new RDSClient(here),
    logs: new CloudWatchLogsClient(here),
    metrics: new CloudWatchClient(here),
    globalMetrics: new CloudWatchClient({ ...here, region: "us-east-1" }),
    certificates: new ACMClient(here),
    storage: new S3Client(here),
  };
}

/**
 * Clients of the account that the stack allows.
 *
 * @throws CommandError where the credentials are another account's, or nobody's
 */
export async function checkedClients(settings: Settings, make = clientsOf): Promise<Clients> {
  const clients = make(settings);
  const account = await accountOf(clients, settings);
  if (account === settings.accountId) return clients;
  const { environment, accountId } = settings;
  throw new CommandError(
    `These AWS credentials are those of account ${account}, and ${environment} may touch ${accountId} only. ` +
      `Take those of ${accountId}, such as AWS_PROFILE=<its profile>, and name the stack: --stack ${environment}.`,
  );
}

/** ECS answers with the caller's account, whether the cluster is there or not. */
async function accountOf({ ecs }: Clients, settings: Settings): Promise<string> {
  const cluster = physicalName(scopeOf(settings), "", 255);
  try {
    const { clusters = [], failures = [] } = await ecs.send(
      new DescribeClustersCommand({ clusters: [cluster] }),
    );
    const account = (clusters[0]?.clusterArn ?? failures[0]?.arn)?.split(":")[4];
    if (account) return account;
  } catch (error) {
    throw new CommandError(`${settings.environment} cannot be asked: ${reasonOf(error)}.`);
  }
  throw new CommandError(
    `AWS does not say whose credentials these are: ${settings.environment} is not asked.`,
  );
}
