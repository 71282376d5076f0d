type Input = Record<string, unknown>;
type Send = (where: string, command: string, input: Input) => Promise<unknown>;
type Keeper = (event: object, cloud: object) => Promise<unknown>;

const { keeper } = require("./handler.js") as { keeper: Keeper };

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const KEPT = {
  on: true,
  hours: {
    from: "08:00",
    to: "19:00",
    days: ["mon", "tue", "wed", "thu", "fri"],
    timeZone: "Europe/Paris",
  },
  services: { "shop-sandbox-web_web": 2, "shop-sandbox-web_api": [1, 4], "shop-sandbox-web_worker": 0 },
  databases: { "shop-sandbox-main": true },
  schedules: { "shop-sandbox-nightly": true },
  alarms: ["service-", "balancer-errors", "probe", "database-"],
  maintenance: {
    web: { alarms: ["service-web_web-unhealthy"] },
    office: { alarms: ["service-office_web-unhealthy"] },
  },
  shared: ["balancer-errors"],
};

const ROLES = [
  "service-web_web-unhealthy",
  "service-office_web-unhealthy",
  "balancer-errors",
  "database-main-cpu",
  "certificate-expiry",
];

interface Alarm {
  ActionsEnabled: boolean;
  StateValue: string;
}

/** For tests: ECS, RDS, Scheduler, alarms and parameters as far as the keeper asks them, and a clock. */
export class KeptCloud {
  readonly services: Record<string, { desired: number; running: number }> = {};
  bounds: [number, number] = [1, 4];
  tasks: string[] = [];
  database = "available";
  /** When AWS starts the stopped database by itself. */
  private restarts = Number.POSITIVE_INFINITY;
  private settles = Number.POSITIVE_INFINITY;
  schedule: Input = {
    Name: "shop-sandbox-nightly",
    State: "ENABLED",
    Target: { Arn: "arn:guard" },
    Arn: "x",
  };
  readonly alarms: Record<string, Alarm> = {};
  /** What lies in the bucket of the switches, by key. */
  readonly switches: Record<string, string> = {};
  readonly parameters: Record<string, string> = { asked: "{}", done: "{}" };
  /** What was changed: command and, where there is one, its subject. */
  readonly changes: string[] = [];
  /** How many calls are answered before the keeper is killed. */
  lives = Number.POSITIVE_INFINITY;
  /** Commands that fail. */
  readonly refusing = new Set<string>();
  readonly kept: object;

  constructor(
    public now: number,
    kept: object = KEPT,
  ) {
    this.kept = kept;
    for (const [name, count] of Object.entries(KEPT.services)) {
      const [desired = 0] = [count].flat();
      this.services[name] = { desired, running: desired };
    }
    for (const role of ROLES)
      this.alarms[`shop-sandbox-${role}`] = { ActionsEnabled: true, StateValue: "OK" };
  }

  ask(event: object): Promise<unknown> {
    const settings = {
      NAME: "shop-sandbox",
      CLUSTER: "arn:aws:ecs:eu-west-3:111111111111:cluster/shop-sandbox",
      GROUP: "shop-sandbox",
      ASKED: "asked",
      NOTES: "done",
      SWITCHES: "switches",
    };
    return keeper(event, { send: this.send, now: this.now, settings, kept: this.kept });
  }

  round(): Promise<unknown> {
    return this.ask({ do: "round" });
  }

  /** Lets time pass, with a round every five minutes. */
  async until(instant: string, each: () => void = () => {}): Promise<void> {
    for (; this.now < Date.parse(instant); this.now += 5 * MINUTE) {
      this.settle();
      await this.round();
      each();
    }
    this.settle();
  }

  /** What clouds do by themselves. */
  private settle(): void {
    for (const service of Object.values(this.services)) service.running = service.desired;
    if (this.now >= this.settles) {
      this.database = this.database === "starting" ? "available" : "stopped";
      this.restarts = this.database === "stopped" ? this.settles + 7 * DAY : Number.POSITIVE_INFINITY;
      this.settles = Number.POSITIVE_INFINITY;
    }
    if (this.now >= this.restarts) {
      this.database = "available";
      this.restarts = Number.POSITIVE_INFINITY;
    }
  }

  /** The roles of alarms that nobody hears. */
  get silent(): readonly string[] {
    return ROLES.filter((role) => this.alarms[`shop-sandbox-${role}`]?.ActionsEnabled === false);
  }

  get asleep(): boolean {
    return Object.values(this.services).every(({ desired }) => desired === 0);
  }

  private readonly send: Send = async (where, command, input) => {
    if (this.lives === 0) throw new Error("killed");
    this.lives -= 1;
    if (this.refusing.has(command)) throw new Error(`${command} is out of order`);
    if (!/^(Describe|Get|List)/.test(command)) this.changes.push(this.said(command, input));
    return this.answer(where, command, input);
  };

  private said(command: string, input: Input): string {
    const what = input.service ?? input.DBInstanceIdentifier ?? input.Name ?? input.AlarmName ?? "";
    return `${command} ${String(what)}${input.desiredCount === undefined ? "" : ` ${input.desiredCount}`}`.trim();
  }

  private answer(where: string, command: string, input: Input): unknown {
    const settling = (from: string, to: string) => {
      if (this.database !== from)
        throw Object.assign(new Error("not now"), { name: "InvalidDBInstanceStateFault" });
      this.database = to;
      this.settles = this.now + 12 * MINUTE;
      this.restarts = Number.POSITIVE_INFINITY;
    };
    const alarms = (names: unknown, ActionsEnabled: boolean) => {
      for (const name of names as string[]) Object.assign(this.alarms[name] as Alarm, { ActionsEnabled });
    };
    if (command === "DescribeServices" && (input.services as string[]).length > 10)
      throw new Error("ECS describes ten services in one answer");
    const answers: Record<string, () => unknown> = {
      DescribeServices: () => ({
        services: (input.services as string[]).flatMap((name) => {
          const found = this.services[name];
          return found === undefined
            ? []
            : [
                {
                  serviceName: name,
                  status: "ACTIVE",
                  desiredCount: found.desired,
                  runningCount: found.running,
                },
              ];
        }),
      }),
      UpdateService: () => {
        const found = this.services[String(input.service)];
        if (found) found.desired = Number(input.desiredCount);
      },
      ListTasks: () => ({ taskArns: this.tasks }),
      DescribeScalableTargets: () => ({
        ScalableTargets: [{ MinCapacity: this.bounds[0], MaxCapacity: this.bounds[1] }],
      }),
      RegisterScalableTarget: () => {
        this.bounds = [Number(input.MinCapacity), Number(input.MaxCapacity)];
      },
      DescribeDBInstances: () => ({ DBInstances: [{ DBInstanceStatus: this.database }] }),
      StartDBInstance: () => settling("stopped", "starting"),
      StopDBInstance: () => settling("available", "stopping"),
      GetSchedule: () => ({ ...this.schedule, CreationDate: "x", LastModificationDate: "y", $metadata: {} }),
      UpdateSchedule: () => {
        this.schedule = input;
      },
      DescribeAlarms: () => ({
        MetricAlarms:
          where === "cloudwatch"
            ? Object.entries(this.alarms).map(([AlarmName, alarm]) => ({ AlarmName, ...alarm }))
            : [],
      }),
      DisableAlarmActions: () => alarms(input.AlarmNames, false),
      EnableAlarmActions: () => alarms(input.AlarmNames, true),
      SetAlarmState: () => {
        (this.alarms[String(input.AlarmName)] as Alarm).StateValue = String(input.StateValue);
      },
      GetObject: () => {
        const text = this.switches[String(input.Key)];
        if (text === undefined) throw Object.assign(new Error("nothing there"), { name: "NoSuchKey" });
        return { Body: { transformToString: async () => text } };
      },
      GetParameter: () => ({ Parameter: { Value: this.parameters[String(input.Name)] } }),
      PutParameter: () => {
        this.parameters[String(input.Name)] = String(input.Value);
      },
    };
    const found = answers[command];
    if (found === undefined) throw new Error(`no ${command}`);
    return found() ?? {};
  }
}
