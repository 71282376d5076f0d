import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a container of a dump's task is: whose program it runs in, and what. */
export interface DumpContainer {
  readonly name: string;
  /** `client` has MySQL's own programs and the database's password; `transfer` has the AWS CLI and the bucket. */
  readonly image: "client" | "transfer";
  /** The whole script. */
  readonly script: string;
}

/** What a task is for. */
export type DumpKind = "dump" | "restore" | "anonymise" | "refresh";

const read = (file: string) => readFileSync(join(__dirname, file), "utf8");

const transfer = (name: string): DumpContainer => ({
  name,
  image: "transfer",
  script: [read("common.sh"), read(`${name}.sh`)].join("\n"),
});

const client = (name: string, ...libraries: string[]): DumpContainer => ({
  name,
  image: "client",
  script: ["common", "connect", ...libraries, name].map((each) => read(`${each}.sh`)).join("\n"),
});

/** Statements for the scripts, as values: a container has no files of ours. */
export const SQL: Readonly<Partial<Record<DumpKind, Readonly<Record<string, string>>>>> = {
  anonymise: { FAULTS_SQL: read("anonymise.sql"), CHANGES_SQL: read("anonymised.sql") },
};

/** The containers of each kind, in the order in which they run. The last one says how it went. */
export const CONTAINERS: Readonly<Record<DumpKind, readonly DumpContainer[]>> = {
  dump: [transfer("former"), client("dump", "dumping"), transfer("upload")],
  restore: [transfer("fetch"), client("restore", "dumping", "loading"), transfer("report")],
  anonymise: [transfer("fetch"), client("anonymise", "dumping", "loading"), transfer("upload")],
  refresh: [transfer("fetch"), client("refresh", "dumping", "loading"), transfer("report")],
};
