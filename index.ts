import "./traces";
import { load } from "./config";
import { prod } from "./stacks/prod";
import { sandbox } from "./stacks/sandbox";

/** One declaration for each environment; they differ where stacks/postures.ts says so. */
const stacks = { sandbox, prod };

// Configuration is checked whole before any resource exists; then the stack of that name is declared.
export = async () => {
  const configuration = load();
  const environment = await stacks[configuration.settings.environment](configuration);
  return environment.outputs;
};
