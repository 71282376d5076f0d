import * as cloudflare from "@pulumi/cloudflare";
import type * as pulumi from "@pulumi/pulumi";
import { mapValues } from "./collections";
import { Database } from "./database";
import type { HostingArgs } from "./hosting";
import { publicPorts } from "./hosts";
import { Network } from "./network";

/** The edge's own ranges, asked of Cloudflare: whoever else calls the balancer gets no answer. */
export function declareNetwork(
  { scope, settings, network, posture }: HostingArgs,
  parent: pulumi.ComponentResourceOptions,
) {
  const ranges = cloudflare.getIpRangesOutput({});
  return new Network(
    "network",
    {
      scope,
      ...network,
      flowLogs: posture.flowLogs,
      logDays: posture.logDays,
      edgeRanges: { ipv4: ranges.ipv4Cidrs, ipv6: ranges.ipv6Cidrs },
      ports: publicPorts(settings.applications),
      databasePorts: [...new Set(Object.values(settings.databases).map(({ port }) => port))],
    },
    parent,
  );
}

/** Every database of the environment, created or adopted. */
export function declareDatabases(
  { scope, settings, given, posture, lifted }: HostingArgs,
  network: Network,
  parent: pulumi.ComponentResourceOptions,
): Record<string, Database> {
  return mapValues(settings.databases, (database, key) => {
    const { adopt } = database;
    const password = adopt !== undefined && "instance" in adopt ? given[adopt.password] : undefined;
    return new Database(
      `database-${key}`,
      {
        scope,
        key,
        settings: database,
        subnetIds: network.privateSubnetIds,
        securityGroupId: network.databaseSecurityGroupId,
        multiAz: posture.multiAz,
        deletionProtection: posture.deletionProtection,
        liftedUntil: lifted(`databases.${key}`),
        finalSnapshot: posture.finalSnapshot,
        backupDays: posture.databaseBackupDays,
        recoveryDays: posture.secretRecoveryDays,
        logDays: posture.logDays,
        rotation: settings.rotations[`databases.${key}`],
        callerSecurityGroupId: network.taskSecurityGroupId,
        ...(password === undefined ? {} : { adoptedPassword: password }),
      },
      parent,
    );
  });
}
