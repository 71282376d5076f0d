import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  freshUuid,
  isHere,
  isOwn,
  lookup,
  nameIn,
  nameOf,
  number,
  record,
  records,
  refuseTakenName,
  regionalId,
  tagged,
  text,
} from "./aws";
import { refuseMalformed, refuseUntrusted } from "./policy-document";
import { isTimeZone, scheduleProblem } from "./schedule-expression";

const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const DAY = 24 * 60 * 60 * 1000;

const vault: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: nameIn(id),
    arn: arn(ctx, "backup", `backup-vault:${nameIn(id)}`),
    kmsKeyArn: inputs.kmsKeyArn ?? arn(ctx, "kms", "alias/aws/backup"),
    recoveryPoints: 0,
  }),
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "AlreadyExistsException"),
  refuseDelete(ctx, existing) {
    // Backups that ran are no resources: they stand in `contents.recoveryPoints`.
    const points = existing.contents?.recoveryPoints;
    const count = Array.isArray(points) ? points.length : 0;
    if (count === 0) return;
    if (existing.inputs.forceDestroy !== true) {
      ctx.refuse(
        "InvalidRequestException",
        `${existing.outputs.name} holds ${count} recovery point(s): delete them first`,
      );
    }
    const lock = alive(ctx, LOCK).find(
      (o) => o.inputs.backupVaultName === existing.outputs.name && isHere(ctx, o),
    );
    if (lock)
      ctx.refuse("InvalidRequestException", `${existing.outputs.name} is locked: its recovery points stay`);
  },
};

const plan: Rule = {
  id: (ctx) => freshUuid(ctx),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: arn(ctx, "backup", `backup-plan:${id}`),
    version: ctx.hex(`version ${JSON.stringify(inputs.rules)}`, 48),
  }),
  refuseWrite(ctx, inputs) {
    for (const rule of records(inputs.rules)) {
      refuseNoVault(ctx, rule.targetVaultName);
      refuseSchedule(ctx, rule);
      refuseLifecycle(ctx, record(rule.lifecycle));
      for (const copy of records(rule.copyActions)) {
        const destination = text(copy.destinationVaultArn);
        if (destination !== undefined && isOwn(ctx, destination) && !lookup(ctx, VAULT, "arn", destination)) {
          ctx.refuse("ResourceNotFoundException", `there is no vault ${destination} to copy to`);
        }
        refuseLifecycle(ctx, record(copy.lifecycle));
      }
    }
  },
  refuseDelete(ctx, existing) {
    const selections = alive(ctx, SELECTION).filter((o) => o.inputs.planId === existing.id);
    if (selections.length === 0) return;
    ctx.refuse(
      "InvalidRequestException",
      `the plan still has the selections ${selections.map((o) => o.id).join(", ")}`,
    );
  },
};

const selection: Rule = {
  id: (ctx) => freshUuid(ctx),
  outputs: (ctx) => ({ region: ctx.region }),
  refuseCreate(ctx, inputs) {
    refuseUntrusted(ctx, inputs.iamRoleArn, "backup.amazonaws.com", "InvalidParameterValueException");
    const wanted = text(inputs.planId);
    if (wanted === undefined) return;
    if (!alive(ctx, PLAN).some((o) => o.id === wanted)) {
      ctx.refuse("InvalidParameterValueException", `there is no backup plan ${wanted}`);
    }
    const twin = alive(ctx, SELECTION).some(
      (o) => o.inputs.planId === wanted && o.inputs.name === inputs.name,
    );
    if (twin && inputs.name)
      ctx.refuse("AlreadyExistsException", `the plan already has a selection "${inputs.name}"`);
  },
};

/** A setting of a vault, with the vault's name as its id. */
function setting(extra: (ctx: RuleContext, inputs: Props) => void = () => {}): Rule {
  return {
    id: (ctx, inputs) => regionalId(ctx, text(inputs.backupVaultName) ?? "vault"),
    outputs: (ctx, inputs) => ({
      region: ctx.region,
      backupVaultArn: arn(ctx, "backup", `backup-vault:${inputs.backupVaultName}`),
    }),
    refuseWrite(ctx, inputs) {
      refuseNoVault(ctx, inputs.backupVaultName);
      extra(ctx, inputs);
    },
  };
}

const lock: Rule = {
  ...setting(),
  refuseDelete(ctx, existing) {
    const days = number(existing.inputs.changeableForDays);
    if (days === undefined || Date.parse(ctx.now) < Date.parse(existing.createdAt) + days * DAY) return;
    ctx.refuse(
      "InvalidRequestException",
      `the lock of ${existing.id} is immutable since ${days} days after its making`,
    );
  },
};

export const rules: Rules = {
  [VAULT]: vault,
  [PLAN]: plan,
  [SELECTION]: selection,
  [LOCK]: lock,
  "aws:backup/vaultPolicy:VaultPolicy": setting((ctx, inputs) => {
    refuseMalformed(ctx, inputs.policy, "InvalidParameterValueException");
  }),
  "aws:backup/vaultNotifications:VaultNotifications": setting(),
};

function refuseNoVault(ctx: RuleContext, name: unknown): CloudObject | undefined {
  const wanted = text(name);
  if (wanted === undefined) return undefined;
  const found = alive(ctx, VAULT).find((o) => isHere(ctx, o) && o.outputs.name === wanted);
  return found ?? ctx.refuse("ResourceNotFoundException", `there is no vault "${wanted}" in ${ctx.region}`);
}

function refuseSchedule(ctx: RuleContext, rule: Props): void {
  const expression = text(rule.schedule);
  const problem = expression && scheduleProblem(expression, ["cron"]);
  if (problem) ctx.refuse("InvalidParameterValueException", problem);
  const zone = text(rule.scheduleExpressionTimezone);
  if (zone !== undefined && !isTimeZone(zone)) {
    ctx.refuse("InvalidParameterValueException", `"${zone}" is no time zone of IANA`);
  }
  if ((number(rule.startWindow) ?? 60) < 60) {
    ctx.refuse("InvalidParameterValueException", "a startWindow has 60 minutes at least");
  }
}

function refuseLifecycle(ctx: RuleContext, lifecycle: Props): void {
  const [cold, end] = [number(lifecycle.coldStorageAfter), number(lifecycle.deleteAfter)];
  if (cold === undefined || end === undefined || end >= cold + 90) return;
  ctx.refuse(
    "InvalidParameterValueException",
    `deleteAfter must be 90 days after coldStorageAfter: ${cold + 90} at least`,
  );
}
