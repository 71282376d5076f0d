import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings } from "../config/schema";
import { FIRST, type Rotation } from "../config/settings";
import { accounts, secondUser } from "./database-accounts";
import { DatabaseInstance } from "./database-instance";
import { DatabaseUsers } from "./database-users";
import { pathName, type Scope } from "./names";
import { generated, keepSecret } from "./secrets";

export interface DatabaseArgs {
  readonly scope: Scope;
  /** Its key in the configuration: part of its identifier. */
  readonly key: string;
  readonly settings: DatabaseSettings;
  /** Private subnets in at least two zones. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Whether a second machine in another zone stands by. */
  readonly multiAz: boolean;
  /** Whether neither AWS nor Pulumi deletes or replaces it. */
  readonly deletionProtection: boolean;
  /** The last day on which that is set aside. @default it is not */
  readonly liftedUntil?: string | undefined;
  /** Whether a snapshot and the automatic backups outlive it. */
  readonly finalSnapshot: boolean;
  /** Days back to which it can be restored, to the second. */
  readonly backupDays: number;
  /** Days that the deleted credentials can be brought back. */
  readonly recoveryDays: number;
  /** Days that its error and slow query logs are kept. @default 30 */
  readonly logDays?: number | undefined;
  /** The password of an adopted instance. @default none, legal unless an instance is adopted */
  readonly adoptedPassword?: pulumi.Input<string> | undefined;
  /** How often its user was rotated. @default never */
  readonly rotation?: Rotation | undefined;
  /** A security group that the database lets in: its function's. Needed by the first rotation. */
  readonly callerSecurityGroupId?: pulumi.Input<string> | undefined;
}

/**
 * A MySQL database and the credentials of the application's own user, which a rotation alternates with a second
 * one. Created empty, created from a snapshot,
 * or an instance that stands already and is only used: then nothing here changes or deletes it.
 */
export class Database extends pulumi.ComponentResource {
  public readonly host: pulumi.Output<string>;
  public readonly port: pulumi.Output<number>;
  /** The schema that applications are given. */
  public readonly schema: string;
  /** The one that the instance began with. */
  public readonly firstSchema: string;
  /** The schema that was restored beside and is served instead. @default none */
  public readonly serves: string | undefined;
  /** The application's own user: the one of the present generation. */
  public readonly user: string;
  public readonly instanceArn: pulumi.Output<string>;
  /** The instance's identifier: the `DBInstanceIdentifier` of its metrics. */
  public readonly identifier: pulumi.Output<string>;
  /** Another one once the instance was replaced. */
  public readonly life: pulumi.Output<string>;
  /** What a container definition's `valueFrom` takes for the password. */
  public readonly passwordReference: pulumi.Output<string>;
  /** The same for the whole `mysql://user:password@host:port/schema`. */
  public readonly urlReference: pulumi.Output<string>;
  /** What execution roles may read. */
  public readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:database:Database", name, {}, opts);
    const { scope, key, settings, recoveryDays } = args;
    const { name: firstSchema, serves, adopt } = settings;
    const adopted = adopt && "instance" in adopt ? adopt : undefined;

    const { instance, user, password } = adopted
      ? adoptedAccess(this, args, adopted)
      : ownAccess(this, name, args);
    const url = pulumi
      .all([password, instance.host, instance.port])
      .apply(([secret, host, port]) => mysqlUrl(user, secret, host, port, serves ?? firstSchema));
    const credentials = keepSecret(
      `${name}-credentials`,
      {
        scope,
        path: pathName(scope, "databases", key),
        description: `Credentials of ${settings.user} on database ${key}`,
        content: { password, url },
        recoveryDays,
      },
      { parent: this },
    );

    this.host = instance.host;
    this.port = instance.port;
    this.schema = serves ?? firstSchema;
    this.firstSchema = firstSchema;
    this.serves = serves;
    this.user = user;
    this.instanceArn = instance.arn;
    this.identifier = instance.identifier;
    this.life = instance.life;
    this.passwordReference = credentials.reference("password");
    this.urlReference = credentials.reference("url");
    this.secretArn = credentials.arn;
    this.registerOutputs({ host: this.host, port: this.port, identifier: this.identifier });
  }
}

/** An instance of our own, its users as the rotation wants them, and what the application enters with. */
function ownAccess(parent: Database, name: string, args: DatabaseArgs) {
  const { settings, rotation = FIRST } = args;
  const { own, second, current } = accounts(rotation);
  const passwords = new Map<string, pulumi.Output<string>>();
  const password = (suffix: string) => {
    // 40 of MySQL's 41; letters and digits need no quoting in a URL, and RDS refuses / " and @.
    const made = passwords.get(suffix) ?? generated(parent, `${name}-password${suffix}`, 40);
    passwords.set(suffix, made);
    return made;
  };
  const instance = new DatabaseInstance(`${name}-instance`, { ...args, password: password(own) }, { parent });
  if (rotation.generation === 1)
    return { instance, user: settings.user, password: password(own) as pulumi.Output<string> };

  const users = new DatabaseUsers(
    `${name}-users`,
    {
      ...args,
      schema: settings.name,
      host: instance.host,
      port: instance.port,
      admin: { user: settings.user, password: password(own) },
      user: secondUser(settings.user),
      password: second === undefined ? undefined : password(second),
      securityGroupId: callerGroup(args),
      logDays: args.logDays ?? 30,
    },
    { parent },
  );
  // Nobody gets a password before it opens.
  const opens = pulumi.all([password(current.password), users.user]).apply(([secret]) => secret);
  return { instance, user: current.second ? secondUser(settings.user) : settings.user, password: opens };
}

function callerGroup({ key, callerSecurityGroupId }: DatabaseArgs): pulumi.Input<string> {
  if (callerSecurityGroupId !== undefined) return callerSecurityGroupId;
  throw new Error(`databases.${key}: a rotation needs a security group that the database lets in.`);
}

function adoptedAccess(
  parent: Database,
  args: DatabaseArgs,
  adopted: { readonly instance: string; readonly password: string },
) {
  const { key, settings, rotation } = args;
  if (rotation !== undefined)
    throw new Error(
      `databases.${key}: the user of an adopted instance is rotated by its owner, and the new password given as ${adopted.password}.`,
    );
  const password = pulumi.secret(adoptedPassword(args, adopted.password));
  return { instance: existing(parent, adopted.instance), user: settings.user, password };
}

/** An instance that somebody else manages: looked up, never declared. */
function existing(parent: Database, identifier: string) {
  const found = aws.rds.getInstanceOutput({ dbInstanceIdentifier: identifier }, { parent });
  return {
    host: found.address,
    port: found.port,
    arn: found.dbInstanceArn,
    identifier: found.dbInstanceIdentifier,
    life: found.resourceId,
  };
}

function adoptedPassword({ key, adoptedPassword }: DatabaseArgs, secret: string): pulumi.Input<string> {
  if (adoptedPassword === undefined)
    throw new Error(
      `databases.${key}.adopt.password: the given secret ${secret} has no value. ` +
        `Give it with "pulumi config set --secret".`,
    );
  return adoptedPassword;
}

/** One URL that carries all of it. What a URL reads as its own in a user, password or name is escaped. */
export function mysqlUrl(user: string, password: string, host: string, port: number, schema: string): string {
  const [name, secret, path] = [user, password, schema].map(encodeURIComponent);
  return `mysql://${name}:${secret}@${host}:${port}/${path}`;
}
