import type { Alarm } from "./metric-alarm";
import type { WatchedDatabase } from "./watched";

const GIB = 2 ** 30;

/** The alarms of one database; a class that saves up CPU credits has one more. */
export function databaseAlarms({ identifier, storage, size }: WatchedDatabase): Record<string, Alarm> {
  const memory = memoryOf(size) * GIB;
  const connections = connectionsWithin(memory);
  const database = {
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: identifier },
    statistic: "Average",
    period: 300,
    periods: 3,
  } as const;
  return {
    storage: {
      ...database,
      // Below a tenth the disk grows by itself, within minutes: only what lasts is a failure.
      description: "less than a tenth of the disk has been free for 30 minutes, so it no longer grows.",
      metric: "FreeStorageSpace",
      statistic: "Minimum",
      periods: 6,
      beyond: { below: (storage * GIB) / 10 },
    },
    cpu: {
      ...database,
      description: "the CPU has been above 90 % for 15 minutes.",
      metric: "CPUUtilization",
      beyond: { above: 90 },
    },
    connections: {
      ...database,
      description: `more than ${connections} connections have been open for 15 minutes; soon none is left.`,
      metric: "DatabaseConnections",
      statistic: "Maximum",
      beyond: { above: connections },
    },
    memory: {
      ...database,
      description: "less than a twentieth of the memory has been free for 15 minutes.",
      metric: "FreeableMemory",
      beyond: { below: memory / 20 },
    },
    ...(size.startsWith("db.t") && {
      credits: {
        ...database,
        description:
          "CPU credits have been short for 4 hours: it gets slower or costs more. Take a larger size.",
        metric: "CPUCreditBalance",
        // A new machine begins with none and earns 12 or more an hour: only a lasting want is one.
        statistic: "Maximum",
        period: 3600,
        periods: 4,
        beyond: { below: 20 },
      },
    }),
  };
}

/** Memory of an instance class, in GiB. An unknown one counts as the smallest: its alarms come early. */
export function memoryOf(size: string): number {
  const [, family = "", step = ""] = size.split(".");
  const times = /^(\d*)xlarge$/.exec(step)?.[1];
  const memory = times === undefined ? (SMALL[step] ?? 1) : 16 * Number(times || 1);
  return family.startsWith("r") ? memory * 2 : memory;
}

const SMALL: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4, large: 8 };

/**
 * RDS allows a connection for each 12,582,880 bytes, after it has taken its own share of the memory: six
 * tenths of the plain division stay below that limit even on the smallest class.
 */
function connectionsWithin(bytes: number): number {
  return Math.floor((bytes / 12_582_880) * 0.6);
}
