import type { Step } from "../../rehearsal/run-types";
import type { Props } from "../../rehearsal/types";

/** Types that say who may do what, or who reaches what. */
const TYPES =
  /^(aws:iam\/|aws:kms\/|aws:secretsmanager\/|aws:ssm\/parameter|aws:ec2\/(securityGroup|managedPrefixList)|aws:vpc\/securityGroup|aws:s3\/bucket(Policy|PublicAccessBlock|OwnershipControls|ServerSideEncryption)|aws:backup\/vault(Policy|Lock)|aws:lambda\/permission|cloudflare:index\/(zeroTrust|ruleset|zoneSetting|zoneDnssec)|github:index\/(actionsSecret|actionsEnvironmentSecret|actionsRepositoryPermissions|workflowRepositoryPermissions|repositoryEnvironment|repositoryRuleset|repositoryVulnerabilityAlerts)|random:index\/randomPassword)|(sns\/topic|sqs\/queue|ecr\/repository)Policy:/;

/** Properties that do, whatever the type. */
const PROPERTIES =
  /^(publiclyAccessible|storageEncrypted|encrypt\w*|kms\w*|deletionProtection|enableDeletionProtection|assignPublicIp|internal|sslPolicy|mutualAuthentication|dropInvalidHeaderFields|securityGroups|vpcSecurityGroupIds|password|acl|proxied|taskRoleArn|executionRoleArn|role|roleArn)$/;

/** Whether a change is about access, exposure or secrets. */
export function isSecurity({ type, changed = [] }: Step): boolean {
  return TYPES.test(type) || changed.some((name) => PROPERTIES.test(name));
}

/** What a reader must not overlook in a change, in a few words each. */
export function alarms({ op, type }: Step, before: Props, after: Props): readonly string[] {
  if (op.startsWith("delete"))
    return /PublicAccessBlock|VaultLock|Ruleset|vulnerability/i.test(type) ? ["a guard goes away"] : [];
  const turned = (name: string, to: boolean) => after[name] === to && before[name] !== to;
  const found: readonly (readonly [boolean, string])[] = [
    [isIngress(type) && isOpen(after) && !isOpen(before), "open to the whole internet"],
    [turned("publiclyAccessible", true), "reachable from the internet"],
    [before.storageEncrypted === true && after.storageEncrypted !== true, "no longer encrypted"],
    [
      before.deletionProtection === true && after.deletionProtection !== true,
      "no longer protected from deletion",
    ],
    [opensBucket(type, before, after), "public access is no longer blocked"],
    [grantsAll(after) && !grantsAll(before), "allows every action"],
  ];
  return found.filter(([holds]) => holds).map(([, words]) => words);
}

const isIngress = (type: string) => /securityGroup(IngressRule)?:/.test(type);
const isOpen = (inputs: Props) =>
  /"(0\.0\.0\.0\/0|::\/0)"/.test(JSON.stringify({ ...inputs, egress: undefined }));

const GUARDS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const opensBucket = (type: string, before: Props, after: Props) =>
  type.includes("PublicAccessBlock") && GUARDS.some((name) => before[name] === true && after[name] !== true);

const grantsAll = ({ policy }: Props) =>
  typeof policy === "string" &&
  /"Action"\s*:\s*(\[[^\]]*)?"\*"/.test(policy) &&
  /"Effect"\s*:\s*"Allow"/.test(policy);
