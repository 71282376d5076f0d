import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseSettings } from "../config/schema";
import { DatabaseInstance } from "./database-instance";
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
  /** Whether neither AWS nor Pulumi deletes it before this is switched off. */
  readonly deletionProtection: boolean;
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
}

/**
 * A MySQL database and the credentials of the application's own user. Created empty, created from a snapshot,
 * or an instance that stands already and is only used: then nothing here changes or deletes it.
 */
export class Database extends pulumi.ComponentResource {
  public readonly host: pulumi.Output<string>;
  public readonly port: pulumi.Output<number>;
  /** The schema's name, as the application spells it. */
  public readonly schema: string;
  /** The application's own user. */
  public readonly user: string;
  public readonly instanceArn: pulumi.Output<string>;
  /** The instance's identifier: the `DBInstanceIdentifier` of its metrics. */
  public readonly identifier: pulumi.Output<string>;
  /** What a container definition's `valueFrom` takes for the password. */
  public readonly passwordReference: pulumi.Output<string>;
  /** The same for the whole `mysql://user:password@host:port/schema`. */
  public readonly urlReference: pulumi.Output<string>;
  /** What execution roles may read. */
  public readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:database:Database", name, {}, opts);
    const { scope, key, settings, recoveryDays } = args;
    const adopted = settings.adopt && "instance" in settings.adopt ? settings.adopt : undefined;

    const password = adopted
      ? pulumi.secret(adoptedPassword(args, adopted.password))
      : // 40 of MySQL's 41; letters and digits need no quoting in a URL, and RDS refuses / " and @.
        generated(this, `${name}-password`, 40);
    const instance = adopted
      ? existing(this, adopted.instance)
      : new DatabaseInstance(`${name}-instance`, { ...args, password }, { parent: this });
    const url = pulumi
      .all([password, instance.host, instance.port])
      .apply(([secret, host, port]) => mysqlUrl(settings.user, secret, host, port, settings.name));
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
    this.schema = settings.name;
    this.user = settings.user;
    this.instanceArn = instance.arn;
    this.identifier = instance.identifier;
    this.passwordReference = credentials.reference("password");
    this.urlReference = credentials.reference("url");
    this.secretArn = credentials.arn;
    this.registerOutputs({ host: this.host, port: this.port, identifier: this.identifier });
  }
}

/** An instance that somebody else manages: looked up, never declared. */
function existing(parent: Database, identifier: string) {
  const found = aws.rds.getInstanceOutput({ dbInstanceIdentifier: identifier }, { parent });
  return {
    host: found.address,
    port: found.port,
    arn: found.dbInstanceArn,
    identifier: found.dbInstanceIdentifier,
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
