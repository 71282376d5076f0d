import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { RunStep } from "../workflow";

/** Why the script cannot run here. */
export const skip =
  spawnSync("jq", ["--version"]).status === 0 ? false : "jq is not installed: GitHub's runners have it";

/** What GitHub puts in the place of the expressions. */
const RUN = {
  REPOSITORY: "acme/shop",
  WORKFLOW: "deploy sandbox",
  BRANCH: "main",
  URL: "https://github.test/acme/shop/actions/runs/42",
  NEEDS: JSON.stringify({
    build: { result: "failure", outputs: {} },
    test: { result: "success", outputs: { title: "a text that somebody wrote" } },
    copy: { result: "cancelled", outputs: {} },
    later: { result: "skipped", outputs: {} },
  }),
};

/** Words that curl gets besides its own. */
interface Around {
  readonly curl?: string;
}

/** Runs the notice's script as a runner does, with the real jq and curl, and without the pauses between tries. */
export async function telling(step: RunStep, env: Readonly<Record<string, string>>, around: Around = {}) {
  const folder = mkdtempSync(join(tmpdir(), "notice-"));
  const [summary, words] = ["summary", "words"].map((file) => join(folder, file)) as [string, string];
  const path = process.env.PATH ?? "";
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  program("sleep", "");
  program(
    "curl",
    `printf '%s\\n' "$*" >> '${words}'\nPATH='${path}' exec curl "$@" ${around.curl ?? ""} --noproxy '*'`,
  );
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
    env: {
      ...step.env,
      ...RUN,
      WEBHOOK: "",
      SMTP: "",
      ...env,
      PATH: [folder, path].join(delimiter),
      GITHUB_STEP_SUMMARY: summary,
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      printed += part;
    });
  const status = await new Promise<number | null>((ended) => child.on("close", ended));
  const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
  return { status, printed, summary: read(summary), words: read(words) };
}

/** One server for all cases: each has an address of its own, and the answers that it gives in turn. */
export async function receiver() {
  const hooks = new Map<string, { answers: readonly number[]; after: number; bodies: string[] }>();
  const server = createServer((request, response) => {
    const hook = hooks.get(request.url ?? "");
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const answer = hook?.answers[Math.min(hook.bodies.length, hook.answers.length - 1)];
      hook?.bodies.push(body);
      setTimeout(() => response.writeHead(answer ?? 200).end("an answer"), hook?.after ?? 0).unref();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    /** A new webhook; the last answer holds from then on. */
    hook(answers: readonly number[] = [200], after = 0) {
      const path = `/hook-${hooks.size}?sp=%2Ftriggers&sig=[a]`;
      const bodies: string[] = [];
      hooks.set(path, { answers, after, bodies });
      return { url: `http://127.0.0.1:${port}${path}`, bodies };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
