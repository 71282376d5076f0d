import { layer } from "./layers";
import type { RawConfiguration } from "./settings";

/** For tests: a small, right configuration as objects, ready to be made wrong. */
export const RIGHT = {
  shared: {
    backupRegion: "eu-central-1",
    zone: { name: "shop.example", id: "0".repeat(32), accountId: "f".repeat(32) },
    github: { repository: "shop", reviewers: ["ada"] },
    notices: { mails: ["team@shop.example"] },
    network: { cidr: "10.20.0.0/16", reserved: ["10.10.0.0/16"] },
    databases: { main: { name: "Shop" } },
    buckets: { media: {} },
    secrets: { SECRET_KEY: "generated", MAP_KEY: "given" },
    applications: {
      web: {
        processes: { web: { host: "shop.example", aliases: ["www.shop.example"] }, worker: { count: 0 } },
        secrets: ["SECRET_KEY", "MAP_KEY"],
        databases: { main: {} },
        buckets: { media: "MEDIA_BUCKET" },
      },
    },
    schedules: { nightly: { application: "web", command: "manage nightly", cron: "0 7 * * *" } },
    jobs: { export: { application: "web", command: ["manage", "export"] } },
  },
  differences: {} as Record<string, unknown>,
  around: {
    "aws:region": "eu-west-3",
    "aws:allowedAccountIds": ["222222222222"],
    "github:owner": "shop",
  } as Record<string, unknown>,
  secrets: { MAP_KEY: "a given value" } as Record<string, string>,
  clear: [] as string[],
};

/** Pulumi's form of a configuration: `RIGHT` with changes laid over it, for a stack. */
export function raw(changes: Partial<typeof RIGHT> | object = {}, stack = "prod"): RawConfiguration {
  const { shared, differences, around, secrets, clear } = layer(RIGHT, changes) as typeof RIGHT;
  const values = {
    ...around,
    "shop:shared": shared,
    "shop:differences": differences,
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`shop:${name}`, value])),
  };
  const texts = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  return {
    project: "shop",
    stack,
    values: Object.fromEntries(texts),
    encrypted: (key) => key.slice("shop:".length) in secrets && !clear.includes(key.slice("shop:".length)),
  };
}
