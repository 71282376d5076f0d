import type { Rules } from "../types";
import { rules as acm } from "./acm";
import { rules as appautoscaling } from "./appautoscaling";
import { rules as backup } from "./backup";
import { rules as budgets } from "./budgets";
import { rules as cloudflare } from "./cloudflare";
import { rules as cloudwatch } from "./cloudwatch";
import { rules as ec2 } from "./ec2";
import { rules as ecr } from "./ecr";
import { rules as ecs } from "./ecs";
import { rules as github } from "./github";
import { rules as iam } from "./iam";
import { rules as kms } from "./kms";
import { rules as lambda } from "./lambda";
import { rules as lb } from "./lb";
import { rules as random } from "./random";
import { rules as rds } from "./rds";
import { rules as route53 } from "./route53";
import { rules as s3 } from "./s3";
import { rules as scheduler } from "./scheduler";
import { rules as secretsmanager } from "./secretsmanager";
import { rules as sns } from "./sns";
import { rules as sqs } from "./sqs";
import { rules as ssm } from "./ssm";

/** Every named rule, by type. */
export const rules: Rules = {
  ...acm,
  ...appautoscaling,
  ...backup,
  ...budgets,
  ...cloudflare,
  ...cloudwatch,
  ...ec2,
  ...ecr,
  ...ecs,
  ...github,
  ...iam,
  ...kms,
  ...lambda,
  ...lb,
  ...random,
  ...rds,
  ...route53,
  ...s3,
  ...scheduler,
  ...secretsmanager,
  ...sns,
  ...sqs,
  ...ssm,
};
