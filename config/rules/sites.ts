import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";
import type { SiteSettings } from "../schema";

/** What must not be said of one site at once. */
interface Clash {
  readonly key: keyof SiteSettings;
  readonly when: (site: SiteSettings) => boolean;
  readonly allowed: string;
  readonly remedy: string;
}

/** Whether a workflow in GitHub uploads it to Pages: what a token is for. */
const isUploadedToPages = ({ target, pipeline, gitlab }: SiteSettings) =>
  target === "pages" && pipeline === "actions" && gitlab === undefined;

const CLASHES: readonly Clash[] = [
  {
    key: "pipeline",
    when: ({ pipeline, target }) => pipeline === "native" && target !== "pages",
    allowed: "native with target: pages only: a bucket compiles nothing",
    remedy: "say target: pages, or pipeline: actions",
  },
  {
    key: "pipeline",
    when: ({ pipeline, gitlab }) => pipeline === "native" && gitlab !== undefined,
    allowed: "actions with gitlab: its own pipeline compiles the site",
    remedy: "remove pipeline, or gitlab",
  },
  {
    key: "repository",
    when: ({ repository, gitlab }) => repository !== undefined && gitlab !== undefined,
    allowed: "one home: a repository on GitHub or a project on GitLab",
    remedy: "remove repository or gitlab",
  },
  {
    key: "token",
    when: (site) => site.token === undefined && isUploadedToPages(site),
    allowed: "a given secret with a Cloudflare token that may edit Pages: GitHub uploads with it",
    remedy: "declare it under secrets ({ kind: given }) and name it here, or say pipeline: native",
  },
  {
    key: "token",
    when: (site) => site.token !== undefined && !isUploadedToPages(site),
    allowed:
      "a token with target: pages, pipeline: actions and a repository on GitHub only: nothing else uses it",
    remedy: "remove token",
  },
  {
    key: "mails",
    when: ({ mails, pipeline }) => mails !== undefined && pipeline !== "native",
    allowed: "mails with pipeline: native only: a workflow tells those of notices",
    remedy: "remove mails, or name them under notices",
  },
  {
    key: "variables",
    when: ({ variables }) => "BASE_URL" in variables,
    allowed: "variables other than BASE_URL, which is the host's own address",
    remedy: "remove BASE_URL: every compilation has it",
  },
];

/** What the keys of a site say to each other. */
export function siteMistakes(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.sites).flatMap(([name, site]) =>
    CLASHES.filter(({ when }) => when(site)).map(({ key, allowed, remedy }) =>
      mistakeAt(checkable, ["sites", name, key], {
        ...(site[key] === undefined ? {} : { found: shown(site[key]) }),
        allowed,
        remedy,
      }),
    ),
  );
}
