import type { Sources } from "./sources";

/** Where nobody may ask: every row says why. */
export function refused(reason: string): Sources {
  const row = { unknown: reason, failed: true };
  const short = { unknown: "not asked", failed: true };
  return {
    processes: async () => row,
    switched: async () => {
      throw new Error("not asked");
    },
    host: async (host) => ({ host, ipv4: short, ipv6: short, tls: short }),
    origin: async () => short,
    mailServers: async () => short,
    databases: async () => short,
    backups: async () => [],
    plan: async () => short,
    cost: async () => short,
    alarms: async () => short,
    schedule: async () => ({ last: short, overdue: short }),
  };
}
