import { atTerminal } from "../agreement";
import { openProject } from "../project";
import { promotion } from "../promotion";
import { chooseWay } from "../ways";
import { reviewsIn } from "./apply";

interface PromoteOptions {
  readonly real?: boolean;
  readonly example?: string;
  readonly back?: string | true;
  readonly yes?: boolean;
  readonly reviewed?: readonly string[];
  readonly acceptUnreviewed?: boolean;
}

/** Takes what the sandbox proved to production, or production back to what it took before. */
export async function promote({ real, example, reviewed, ...options }: PromoteOptions): Promise<void> {
  const project = openProject(example);
  const reviews = reviewed === undefined ? undefined : reviewsIn(reviewed);
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  const say = (text: string) => console.log(text);
  try {
    await promotion({ ...options, project, way, reviewed: reviews, ask: atTerminal(), say });
  } finally {
    await close();
  }
}
