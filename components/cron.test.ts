import assert from "node:assert/strict";
import { test } from "node:test";
import { schedulerExpression } from "./cron";

for (const [crontab, expression] of [
  ["0 7 * * *", "cron(0 7 * * ? *)"],
  ["* * * * *", "cron(* * * * ? *)"],
  ["17 3 * * *", "cron(17 3 * * ? *)"],
  ["0 0 * * 0", "cron(0 0 ? * SUN *)"],
  ["0 1 * * 7", "cron(0 1 ? * SUN *)"],
  ["0 9 * * 1-5", "cron(0 9 ? * MON,TUE,WED,THU,FRI *)"],
  ["0 9 * * mon-fri", "cron(0 9 ? * MON,TUE,WED,THU,FRI *)"],
  ["0 9 * * 5-7", "cron(0 9 ? * SUN,FRI,SAT *)"],
  ["0 9 * * */2", "cron(0 9 ? * SUN,TUE,THU,SAT *)"],
  ["0 9 * * 0,7", "cron(0 9 ? * SUN *)"],
  ["*/15 * * * *", "cron(0,15,30,45 * * * ? *)"],
  ["5/20 * * * *", "cron(5,25,45 * * * ? *)"],
  ["10-40/15 8-18/5 * * *", "cron(10,25,40 8,13,18 * * ? *)"],
  ["0 4 1,15 * *", "cron(0 4 1,15 * ? *)"],
  ["0 4 */10 * *", "cron(0 4 1,11,21,31 * ? *)"],
  ["0 4 1 JAN,jul *", "cron(0 4 1 1,7 ? *)"],
  ["0 4 1 */6 *", "cron(0 4 1 1,7 ? *)"],
  ["  0   4 * * * ", "cron(0 4 * * ? *)"],
] as const)
  test(`"${crontab}" is ${expression}`, () => {
    assert.equal(schedulerExpression(crontab), expression);
  });

for (const [crontab, message] of [
  ["0 7 * *", /4 fields/],
  ["0 0 1 * 1", /day of month and a day of week/],
  ["60 0 * * *", /"60" is no minute.*0 to 59/],
  ["0 0 0 * *", /"0" is no day of month/],
  ["0 0 * * 5#2", /"5#2" is no day of week/],
  ["0 0 L * *", /"L" is no day of month/],
  ["0 22-6 * * *", /"22-6" is no hour/],
  ["*/0 * * * *", /"\*\/0" is no minute/],
  ["0 0 * FOO *", /"FOO" is no month/],
] as const)
  test(`"${crontab}" is refused by what is wrong`, () => {
    assert.throws(() => schedulerExpression(crontab), message);
  });
