import { spawnSync } from "node:child_process";

/** Everything that CI asks, in the order of speed; the first failure ends it. */
const STEPS = [
  ["npx", "biome", "check", "."],
  ["npx", "tsc", "--noEmit"],
  ["npm", "test"],
] as const;

for (const [command, ...words] of STEPS) {
  console.log(`> ${[command, ...words].join(" ")}`);
  const { status } = spawnSync(command, words, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) {
    process.exitCode = status ?? 70;
    break;
  }
}
