import type { EnvironmentName } from "../../config/settings";
import { atTerminal } from "../agreement";
import { applying } from "../applying";
import { openProject } from "../project";
import { releasing } from "../releasing";
import { type Reviewed, readReviewed } from "../review/reviewed";
import { fileSaid } from "../said-files";
import { chooseWay } from "../ways";

interface ApplyOptions {
  readonly stack: EnvironmentName;
  readonly release?: readonly string[];
  readonly reviewed?: readonly string[];
  readonly acceptUnreviewed?: boolean;
  readonly real?: boolean;
  readonly example?: string;
  readonly yes?: boolean;
}

/** Brings an environment up with what was reviewed, and with nothing else. */
export async function apply({ real, example, reviewed, ...options }: ApplyOptions): Promise<void> {
  const project = openProject(example);
  const reviews = reviewed === undefined ? undefined : reviewsIn(reviewed);
  const images = options.release && releasing(project, options.stack, options.release);
  const say = (text: string) => console.log(text);
  try {
    // First: a rehearsal opens on the world as it is by then, in which the images were pushed.
    images?.lay();
    const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
    try {
      await applying({
        ...options,
        release: images,
        project,
        way,
        reviewed: reviews,
        ask: atTerminal(),
        say,
      });
    } finally {
      await close();
    }
  } finally {
    images?.lift();
  }
}

/** What the reviews in some files have shown. */
export function reviewsIn(files: readonly string[]): Reviewed {
  return readReviewed(
    files.map((file) => fileSaid("--reviewed", file, "a file with a review as Markdown")).join("\n"),
  );
}
