import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { CONTAINERS, type DumpKind, SQL } from "./containers";

/** A program on the PATH or where servers are kept. */
const found = (name: string) =>
  [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const NEEDED = ["mariadbd", "mariadb-install-db", "mysqldump", "mysql", "openssl", "gzip", "bash"];
const missing = NEEDED.filter((name) => found(name) === undefined);

/** Why the tests with a real server are skipped here; false where they are not. */
export const SKIP: string | false = missing.length > 0 ? `not on this machine: ${missing.join(", ")}` : false;

export const PASSWORD = 'Sentinel"Password\\123 #4';

/** What one task ended with. */
export interface Ran {
  readonly ok: boolean;
  /** The answer that commands read. */
  readonly answer: Record<string, unknown> & { readonly problems: readonly string[] };
  readonly log: string;
  /** How often containers called the database or the bucket, by container. */
  readonly calls: Readonly<Record<string, number>>;
}

export interface Asked {
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the task when this container is about to call the database or the bucket for the n-th time. */
  readonly kill?: { readonly container: string; readonly call: number };
  readonly project?: string;
}

/** A database server that speaks TLS, a bucket that is a folder, and tasks that run their containers in order. */
export class Stand {
  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly root: Connection,
    private readonly stop: () => Promise<void>,
  ) {}

  static async begin(): Promise<Stand> {
    const folder = mkdtempSync(join(roomy() ? MEMORY : tmpdir(), "tandem-dumps-"));
    const port = await freePort();
    const own = [`--datadir=${join(folder, "data")}`, ...(process.getuid?.() === 0 ? ["--user=root"] : [])];
    const install = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", ...own];
    const installed = spawnSync(found("mariadb-install-db") as string, install);
    if (installed.status !== 0) throw new Error(String(installed.stderr));
    certificate(folder);
    const server = spawn(
      found("mariadbd") as string,
      [
        "--no-defaults",
        "--skip-name-resolve",
        "--skip-networking=0",
        "--bind-address=127.0.0.1",
        "--event-scheduler=ON",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=0",
        "--require-secure-transport=ON",
        `--ssl-cert=${join(folder, "cert.pem")}`,
        `--ssl-key=${join(folder, "key.pem")}`,
        `--port=${port}`,
        `--socket=${join(folder, "s")}`,
        ...own,
      ],
      { stdio: "ignore" },
    );
    const ended = once(server, "exit");
    const stop = async () => {
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      const root = await untilUp({ socketPath: join(folder, "s"), user: "root", multipleStatements: true });
      mkdirSync(join(folder, "bin"));
      writeFileSync(join(folder, "bin", "aws"), `${COUNTING}${AWS}`, { mode: 0o755 });
      for (const client of ["mysql", "mysqldump"])
        writeFileSync(join(folder, "bin", client), `${COUNTING}exec ${found(client)} "$@"\n`, {
          mode: 0o755,
        });
      mkdirSync(join(folder, "bucket"));
      return new Stand(folder, port, root, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.root.end();
    await this.stop();
  }

  /** A file of the bucket. */
  object = (key: string): string => join(this.folder, "bucket", key);

  /** Runs a task as ECS does: each container once the one before has ended, the last one's end is the task's. */
  async task(kind: DumpKind, { environment = {}, kill, project = "shop" }: Asked = {}): Promise<Ran> {
    const volume = mkdtempSync(join(this.folder, "volume-"));
    let [log, code] = ["", 0];
    const calls: Record<string, number> = {};
    const counted = join(volume, "..", `calls-${basename(volume)}`);
    for (const { name, image, script } of CONTAINERS[kind]) {
      writeFileSync(counted, "");
      const child = spawn("bash", ["-c", script], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: `${join(this.folder, "bin")}${delimiter}${process.env.PATH}`,
          // Clients read the system's authorities for every connection, which takes ten times as long as the rest.
          SSL_CERT_FILE: "/dev/null",
          SSL_CERT_DIR: "/nowhere",
          DUMP_FOLDER: volume,
          COUNTED: counted,
          KILL_AT: kill?.container === name ? String(kill.call) : "never",
          FAKE_BUCKET: join(this.folder, "bucket"),
          PROJECT: project,
          ENVIRONMENT: "prod",
          DATABASE: "main",
          SCHEMA: "shop",
          NAME: environment.SCHEMA ?? "shop",
          BUCKET: "backups",
          PREFIX: kind === "anonymise" ? "anonymised" : "dumps",
          KIND: kind,
          LEAST: "50",
          ...(image === "client"
            ? {
                DB_HOST: "127.0.0.1",
                DB_PORT: String(this.port),
                DB_USER: "app",
                DB_PASSWORD: PASSWORD,
                ...SQL[kind],
              }
            : {}),
          ...environment,
        },
      });
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text) => {
          log += text;
        });
      [code] = (await once(child, "close")) as [number];
      calls[name] = statSync(counted).size;
      // A task that is stopped runs none of its other containers.
      if (code === null) return { ok: false, answer: { problems: ["killed"] }, log, calls };
    }
    const answer = /^tandem-answer (.*)$/m.exec(log)?.[1];
    return {
      ok: code === 0,
      answer: answer === undefined ? { problems: [] } : JSON.parse(answer),
      log,
      calls,
    };
  }
}

/** A disk in memory, where it has room: a server that waits for a real one takes several times as long. */
const MEMORY = "/dev/shm";
function roomy(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > 700 * 1024 ** 2;
}

/** Counts the calls that do something, a letter each: two of a pipe come at once. Ends the whole task at one of them. */
const COUNTING = `#!/bin/bash
case "$*" in --help | --version) ;; *)
  printf . >>"$COUNTED"
  [ "$KILL_AT" = never ] || [ "$(wc -c <"$COUNTED")" -lt "$KILL_AT" ] || kill -KILL 0
esac
`;

/** The few things that the scripts ask of the AWS CLI, on a folder. */
const AWS = `
set -eu
all=" $* "
value() { local found=\${all#* $1 }; [ "$found" != "$all" ] && echo "\${found%% *}"; }
object() { echo "$FAKE_BUCKET/\${1#s3://*/}"; }
case "$1 $2" in
"s3api list-objects-v2")
  cd "$FAKE_BUCKET"
  prefix=$(value --prefix)
  case "$all" in
  *Size*) stat -c %s "$prefix" ;;
  *) list=$(find . -type f -path "./$prefix*/manifest.json" | sed 's,^./,,' | sort | paste -sd '\\t'); echo "\${list:-None}" ;;
  esac ;;
"s3api put-object")
  to=$FAKE_BUCKET/$(value --key)
  [ ! -e "$to" ] || { echo "PreconditionFailed" >&2; exit 254; }
  sum=$(openssl dgst -sha256 -binary "$(value --body)" | base64)
  [ "$sum" = "$(value --checksum-sha256)" ] || { echo "BadDigest" >&2; exit 254; }
  mkdir -p "$(dirname "$to")"
  cp "$(value --body)" "$to" ;;
"s3 cp")
  from=\${@: -2:1} to=\${@: -1}
  case "$from" in s3://*) cp "$(object "$from")" "$to" ;; *) mkdir -p "$(dirname "$(object "$to")")"; cp "$from" "$(object "$to")" ;; esac ;;
*) echo "unknown: $*" >&2; exit 252 ;;
esac
`;

function certificate(folder: string): void {
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
}

async function untilUp(options: object): Promise<Connection> {
  for (let tried = 0; ; tried += 1)
    try {
      return await createConnection(options);
    } catch (failure) {
      if (tried === 200) throw failure;
      await new Promise((done) => setTimeout(done, 50));
    }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
