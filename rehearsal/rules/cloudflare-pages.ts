import { createHash } from "node:crypto";
import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { records, text, texts } from "./aws";
import { hexId, refuseStrangeAccount } from "./cloudflare-lookups";

const PROJECT = "cloudflare:index/pagesProject:PagesProject";
const DOMAIN = "cloudflare:index/pagesDomain:PagesDomain";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

export const rules: Rules = {
  [PROJECT]: {
    // The provider's id is the name. The API has another one, which only a list of projects says.
    id: (_ctx, inputs) => String(inputs.name),
    refuseWrite: refuseProject,
    outputs: (ctx, inputs, _id, previous) => ({
      createdOn: previous?.createdOn ?? ctx.now,
      domains: previous?.domains ?? [`${inputs.name}.pages.dev`],
      subdomain: `${inputs.name}.pages.dev`,
      usesFunctions: false,
    }),
  },
  [DOMAIN]: {
    id: (_ctx, inputs) => String(inputs.name),
    refuseWrite: refuseDomain,
    outputs: (ctx, inputs, _id, previous) => ({
      createdOn: previous?.createdOn ?? ctx.now,
      domainId: previous?.domainId ?? hexId(ctx),
      certificateAuthority: "google",
      // It stays so until the record is there and somebody asks again.
      status: leadsToProject(ctx, inputs) ? "active" : "pending",
    }),
    after: (ctx, { inputs }) => {
      const project = projectOf(ctx, inputs);
      if (project) project.outputs.domains = [...new Set([...domainsOf(project), String(inputs.name)])];
    },
  },
  "cloudflare:index/notificationPolicy:NotificationPolicy": {
    id: hexId,
    refuseWrite: refusePolicy,
    outputs: (ctx, _inputs, _id, previous) => ({ created: previous?.created ?? ctx.now, modified: ctx.now }),
  },
};

/** A project's id in the API. */
export function pagesProjectId({ id, inputs }: CloudObject): string {
  const digits = createHash("sha256").update(`${inputs.accountId} ${id}`).digest("hex").slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const domainsOf = ({ outputs }: CloudObject) => (outputs.domains ?? []) as string[];

function projectOf(ctx: RuleContext, { accountId, projectName }: Props): CloudObject | undefined {
  return ctx.find(PROJECT, ({ inputs }) => inputs.name === projectName && inputs.accountId === accountId);
}

function refuseProject(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  refuseStrangeAccount(ctx, inputs);
  const twin = ctx.find(PROJECT, (o) => o.id !== existing?.id && o.inputs.name === inputs.name);
  if (twin)
    ctx.refuse("8000002", `the account has a Pages project ${inputs.name} already: choose another name`);
  const source = (inputs.source ?? {}) as { config?: Props };
  const { previewBranchIncludes, previewBranchExcludes, previewDeploymentSetting } = source.config ?? {};
  if ((previewBranchIncludes ?? previewBranchExcludes) != null && previewDeploymentSetting !== "custom")
    ctx.refuse(
      "InvalidAttribute",
      "branches of previews are named, and previewDeploymentSetting is not custom",
    );
}

function refuseDomain(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  refuseStrangeAccount(ctx, inputs);
  if (text(inputs.projectName) !== undefined && !projectOf(ctx, inputs))
    ctx.refuse("8000007", `the account has no Pages project ${inputs.projectName}`);
  const twin = ctx.find(DOMAIN, (o) => o.id !== existing?.id && o.inputs.name === inputs.name);
  if (twin)
    ctx.refuse("8000018", `${inputs.name} belongs to the Pages project ${twin.inputs.projectName} already`);
}

function leadsToProject(ctx: RuleContext, inputs: Props): boolean {
  const address = projectOf(ctx, inputs)?.outputs.subdomain;
  const isWay = ({ type, name, content }: Props) =>
    type === "CNAME" && name === inputs.name && content === address;
  return ctx.find(RECORD, (o) => isWay(o.inputs)) !== undefined;
}

function refusePolicy(ctx: RuleContext, inputs: Props): void {
  refuseStrangeAccount(ctx, inputs);
  const mechanisms = (inputs.mechanisms ?? {}) as Props;
  const { emails, webhooks, pagerduties } = mechanisms;
  if ([emails, webhooks, pagerduties].every((list) => records(list).length === 0))
    ctx.refuse("17102", `the notification ${inputs.name} tells nobody: name a mail, a webhook or PagerDuty`);
  if (inputs.alertType === "pages_event_alert") refuseStrangeProjects(ctx, inputs);
}

function refuseStrangeProjects(ctx: RuleContext, inputs: Props): void {
  const filters = (inputs.filters ?? {}) as Props;
  const known = ctx.all(PROJECT).map(pagesProjectId);
  const strange = texts(filters.projectIds).find((id) => !known.includes(id));
  if (strange !== undefined)
    ctx.refuse("17103", `no Pages project has the id ${strange}: an alert wants the API's id, not the name`);
}
