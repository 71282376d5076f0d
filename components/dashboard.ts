import type { Alarm } from "./metric-alarm";
import { awake, type Watched } from "./watched";

/** CloudWatch's grid is 24 wide; two charts stand side by side. */
const WIDTH = 12;
const HEIGHT = 6;

type Metric = readonly [namespace: string, name: string, ...dimensions: unknown[]];

interface Widget {
  readonly type: "alarm" | "metric";
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A widget where it stands on the grid. */
export interface PlacedWidget extends Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The page to look at first: the alarms, then what the public meets, the processes and the databases.
 *
 * @param alarmArns alarms of this region; those elsewhere have no place on it
 */
export function dashboardBody(
  watched: Watched<string>,
  region: string,
  alarmArns: readonly string[],
): { readonly widgets: readonly PlacedWidget[] } {
  const charts = [
    ...balancerCharts(watched),
    ...(Object.keys(awake(watched.services)).length > 0 ? serviceCharts(watched) : []),
    ...(Object.keys(watched.databases).length > 0 ? databaseCharts(watched) : []),
  ].map(({ title, metrics, stat }) => chart(title, region, metrics, stat));
  // A widget shows a hundred alarms at most.
  const state: Widget = { type: "alarm", properties: { title: "Alarms", alarms: alarmArns.slice(0, 100) } };
  return {
    widgets: [
      { ...state, x: 0, y: 0, width: 2 * WIDTH, height: HEIGHT },
      ...charts.map((widget, index) => ({
        ...widget,
        x: (index % 2) * WIDTH,
        y: (1 + Math.floor(index / 2)) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
      })),
    ],
  };
}

interface Chart {
  readonly title: string;
  readonly metrics: readonly Metric[];
  readonly stat: Alarm["statistic"];
}

function balancerCharts({ balancerArnSuffix }: Watched<string>): Chart[] {
  const metric = (name: string, options: Readonly<Record<string, unknown>> = {}): Metric => [
    "AWS/ApplicationELB",
    name,
    "LoadBalancer",
    balancerArnSuffix,
    options,
  ];
  return [
    {
      title: "Answers",
      stat: "Sum",
      metrics: [
        metric("RequestCount"),
        metric("HTTPCode_Target_2XX_Count"),
        metric("HTTPCode_Target_4XX_Count"),
        metric("HTTPCode_Target_5XX_Count"),
        metric("HTTPCode_ELB_5XX_Count"),
      ],
    },
    {
      title: "Seconds to answer",
      stat: "p95",
      metrics: [
        metric("TargetResponseTime", { stat: "p50", label: "half within" }),
        metric("TargetResponseTime", { label: "95 % within" }),
      ],
    },
  ];
}

function serviceCharts({ clusterName, services }: Watched<string>): Chart[] {
  const metrics = (name: string): Metric[] =>
    Object.entries(awake(services)).map(([label, { serviceName }]) => [
      "AWS/ECS",
      name,
      "ClusterName",
      clusterName,
      "ServiceName",
      serviceName,
      { label },
    ]);
  return [
    { title: "Processes: CPU in percent", stat: "Average", metrics: metrics("CPUUtilization") },
    { title: "Processes: memory in percent", stat: "Maximum", metrics: metrics("MemoryUtilization") },
  ];
}

function databaseCharts({ databases }: Watched<string>): Chart[] {
  const metrics = (name: string): Metric[] =>
    Object.entries(databases).map(([label, { identifier }]) => [
      "AWS/RDS",
      name,
      "DBInstanceIdentifier",
      identifier,
      { label },
    ]);
  return [
    { title: "Databases: CPU in percent", stat: "Average", metrics: metrics("CPUUtilization") },
    { title: "Databases: connections", stat: "Maximum", metrics: metrics("DatabaseConnections") },
    { title: "Databases: free disk in bytes", stat: "Minimum", metrics: metrics("FreeStorageSpace") },
    { title: "Databases: free memory in bytes", stat: "Minimum", metrics: metrics("FreeableMemory") },
  ];
}

function chart(title: string, region: string, metrics: readonly Metric[], stat: Alarm["statistic"]): Widget {
  return {
    type: "metric",
    properties: { title, region, metrics, stat, period: 300, view: "timeSeries", stacked: false },
  };
}
