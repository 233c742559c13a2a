import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { resourceName } from './names.ts';

export interface AlarmsProps {
  readonly tenant: string;
  readonly email: string;
  readonly key: IKey;
}

export interface AlarmRequest {
  /** Kebab-case, without the tenant; also the heading of its article in docs/operator-runbook.md. */
  readonly name: string;
  /** What a person loses while this lasts: one sentence. */
  readonly impact: string;
  readonly metric: IMetric;
  /** The alarm rings above this value, in the metric's unit. */
  readonly above: number;
  /** How many of the metric's last periods are looked at. */
  readonly periods: number;
  /** In how many of them the value must have been above; in all of them unless said otherwise. */
  readonly periodsAbove?: number;
}

/** The tenant's alarms and the one address that hears them. */
export class Alarms extends Construct {
  readonly topic: Topic;
  readonly #tenant: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#tenant = props.tenant;
    this.topic = new Topic(this, 'Topic', {
      topicName: resourceName(props.tenant, 'alarms'),
      displayName: `Markeplay Channels ${props.tenant}`,
      masterKey: props.key,
      enforceSSL: true,
    });
    // A topic with a policy of its own loses the default one, by which alarms of the account could publish; and no
    // managed key lets CloudWatch in. This grant is on both.
    this.topic.grantPublish(alarmPublisher(this, props.tenant));
    this.topic.addSubscription(new EmailSubscription(props.email));
  }

  add(scope: Construct, id: string, request: AlarmRequest): void {
    new Alarm(scope, id, {
      alarmName: `${this.#tenant}-${request.name}`,
      alarmDescription: `${request.impact} Runbook: ${request.name}`,
      metric: request.metric,
      threshold: request.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: request.periods,
      datapointsToAlarm: request.periodsAbove ?? request.periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}

/** CloudWatch, but only when it speaks for one of this tenant's alarms. */
function alarmPublisher(scope: Construct, tenant: string): ServicePrincipal {
  const stack = Stack.of(scope);
  return new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': `arn:${stack.partition}:cloudwatch:${stack.region}:${stack.account}:alarm:${tenant}-*`,
      },
    },
  });
}
