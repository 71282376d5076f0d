import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** A linter's program, or why its test cannot run. */
export type Linter = { readonly path: string } | { readonly skip: string };

/** Where people and .ci/run put tools that no package of this project brings. */
function folders(): readonly string[] {
  const go = spawnSync("go", ["env", "GOPATH"], { encoding: "utf8" }).stdout?.trim();
  return [
    ...(process.env.PATH ?? "").split(delimiter),
    ...(go ? [join(go, "bin")] : []),
    join(homedir(), "go", "bin"),
    join(homedir(), ".local", "bin"),
    join(homedir(), ".cache", "tandem", "tools", "bin"),
  ].filter((folder) => folder !== "");
}

/** A linter that answers when it is asked for its version. */
export function linter(name: string, how: string): Linter {
  const path = folders()
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file) && spawnSync(file, ["--version"]).status === 0);
  return path === undefined ? { skip: `${name} is not here: ${how}` } : { path };
}
