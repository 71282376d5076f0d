import { keyParameter } from "../components/maintenance-pass";
import { physicalName, type Scope } from "../components/names";
import type { Cloud } from "../rehearsal/cloud";
import type { CloudObject } from "../rehearsal/types";
import { CommandError } from "./errors";

/** The switches of one environment, each a text or nothing, and the key that passes are signed with. */
export interface Switches {
  read(application: string): Promise<string | undefined>;
  write(application: string, text: string): Promise<void>;
  remove(application: string): Promise<void>;
  key(): Promise<string>;
}

/** Where an application's switch lies in its bucket. */
export const switchKey = (application: string): string => `maintenance/${application}.json`;

interface Lying {
  readonly key: string;
  readonly body?: string;
}

/** Objects that lie in a simulated bucket and are no resources: no deployment knows of them. */
export function rehearsedSwitches(cloud: Cloud, scope: Scope): Switches {
  const name = physicalName(scope, "switches", 255);
  const bucket = only(
    cloud.objects("aws:s3/bucket:Bucket").filter(({ inputs }) => tagsOf(inputs).Name === name),
    scope,
  );
  const lying = () => (bucket.contents?.objects ?? []) as readonly Lying[];
  const put = (objects: readonly Lying[]) => {
    bucket.contents = { ...bucket.contents, objects };
  };
  const others = (application: string) => lying().filter(({ key }) => key !== switchKey(application));
  return {
    read: async (application) => lying().find(({ key }) => key === switchKey(application))?.body,
    write: async (application, body) => put([...others(application), { key: switchKey(application), body }]),
    remove: async (application) => put(others(application)),
    key: async () => {
      const parameters = cloud.objects("aws:ssm/parameter:Parameter");
      const found = parameters.filter(({ inputs }) => inputs.name === keyParameter(scope));
      return String(only(found, scope).inputs.value);
    },
  };
}

function only([found]: readonly CloudObject[], { environment }: Scope): CloudObject {
  if (found !== undefined) return found;
  throw new CommandError(
    `There is no ${environment} with applications in the rehearsal: npx tandem rehearse brings it up.`,
  );
}

const tagsOf = ({ tags }: CloudObject["inputs"]) => (tags ?? {}) as Readonly<Record<string, string>>;
