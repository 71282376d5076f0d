import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { findCli } from "./cli";
import { CommandError, EXIT } from "./errors";
import { InProcess } from "./in-process";
import { openMemory } from "./memory";
import { type Project, ROOT } from "./project";
import { RealClouds } from "./real-clouds";
import { RealEngine } from "./real-engine";
import type { Way } from "./way";

/** `auto`: the real engine where it can be had; `last`: whichever rehearsed last; `real`: no rehearsal at all. */
export type EngineChoice = "auto" | "pulumi" | "process" | "last" | "real";

export interface Chosen {
  readonly way: Way;
  /** Why it is not the real engine, where it is not. */
  readonly remark?: string;
  /** Ends what the way holds open. */
  readonly close: () => Promise<void>;
}

/** Where rehearsals are kept: below this checkout, or where TANDEM_REHEARSALS says. */
const rehearsals = () => process.env.TANDEM_REHEARSALS ?? join(ROOT, ".tandem");

/** Each way keeps its rehearsal in a folder of its own: they do not share what the engine knows. */
export const rehearsalFolder = (project: Project, way: "process" | "pulumi") =>
  join(rehearsals(), project.name, way);

/** The way that was asked for; into a rehearsal, on the former one unless it is to be fresh. */
export async function chooseWay(
  project: Project,
  { engine, fresh = false }: { readonly engine: EngineChoice; readonly fresh?: boolean },
): Promise<Chosen> {
  if (engine === "real") return realClouds(project);
  const wanted = engine === "last" ? last(project) : engine;
  if (wanted === "process") return inProcess(project, fresh);
  const found = await findCli();
  if ("path" in found) {
    const folder = rehearsalFolder(project, "pulumi");
    if (fresh) rmSync(folder, { recursive: true, force: true });
    const way = await RealEngine.open(project, folder, found);
    return { way, close: () => way.close() };
  }
  return { ...inProcess(project, fresh), remark: found.reason };
}

/** @param find how the CLI is found */
export async function realClouds(project: Project, find: typeof findCli = findCli): Promise<Chosen> {
  if (project.folder !== ROOT)
    throw new CommandError("--real acts on this project only: an example has no accounts.", EXIT.usage);
  const found = await find();
  if (!("path" in found)) throw new CommandError(`--real needs Pulumi's CLI, and there is ${found.reason}`);
  const way = new RealClouds(project, found);
  return { way, close: () => way.close() };
}

function inProcess(project: Project, fresh: boolean): Chosen {
  const folder = rehearsalFolder(project, "process");
  if (fresh) rmSync(folder, { recursive: true, force: true });
  const { memory, save } = openMemory(project, folder);
  return { way: new InProcess(project, memory, save), close: async () => {} };
}

/** The folder of whichever way rehearsed last. */
export const lastRehearsal = (project: Project): string => rehearsalFolder(project, last(project));

/** Which way rehearsed last. */
export function last(project: Project): "process" | "pulumi" {
  const when = (way: "process" | "pulumi") => {
    const folder = rehearsalFolder(project, way);
    return existsSync(folder) ? statSync(folder).mtimeMs : 0;
  };
  return when("pulumi") > when("process") ? "pulumi" : "process";
}
