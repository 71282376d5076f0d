import { ConfigurationError } from "../config/mistakes";
import type { EnvironmentName } from "../config/settings";
import { lossInWords, unacknowledged } from "../policy/steps";
import type { Step } from "../rehearsal/run-types";
import { type Project, settingsOf } from "./project";

interface Previewed {
  readonly steps: readonly Step[];
  readonly failures: readonly { readonly urn?: string; readonly message: string }[];
}

/** A preview in which each step that takes data away without an acknowledgement is a failure too. */
export function judged<Preview extends Previewed>(
  preview: Preview,
  project: Project,
  environment: EnvironmentName,
  now: string,
): Preview {
  const losses = unacknowledged(preview.steps, {
    environment,
    acknowledged: acknowledgedIn(project, environment),
    now,
  });
  if (losses.length === 0) return preview;
  return {
    ...preview,
    failures: [...preview.failures, ...losses.map((loss) => ({ message: lossInWords(loss) }))],
  };
}

/** A configuration that is wrong has said so in the preview. */
function acknowledgedIn(project: Project, environment: EnvironmentName) {
  try {
    return settingsOf(project, environment).acknowledged;
  } catch (error) {
    if (error instanceof ConfigurationError) return [];
    throw error;
  }
}
