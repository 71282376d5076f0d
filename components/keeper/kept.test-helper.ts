import { KEPT_FILE } from "./function";
import type { Kept } from "./policies";

/** For tests: what a declared or an existing keeper finds beside its sources. */
export async function keptOf(lambda: object | undefined): Promise<Kept> {
  const { code } = lambda as { code: { assets: Promise<Record<string, { text: Promise<string> }>> } };
  const { [KEPT_FILE]: file } = await code.assets;
  return JSON.parse((await file?.text) ?? "") as Kept;
}
