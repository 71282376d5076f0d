import { openProject } from "../project";
import { verification } from "../promotion-verify";
import { chooseWay } from "../ways";

interface VerifyOptions {
  readonly real?: boolean;
  readonly example?: string;
}

/** Looks at the sandbox once more, so that what it runs can be promoted. */
export async function verify({ real, example }: VerifyOptions): Promise<void> {
  const { way, close } = await chooseWay(openProject(example), { engine: real === true ? "real" : "last" });
  try {
    console.log(await verification(way));
  } finally {
    await close();
  }
}
