import type { SQSEvent } from 'aws-lambda';

/** What Lambda hands over for these messages: ids `m0`, `m1`, …, each on its second delivery. */
export function sqsEventOf(...bodies: string[]): SQSEvent {
  return {
    Records: bodies.map((body, n) => ({
      messageId: `m${n}`,
      receiptHandle: '',
      body,
      attributes: {
        ApproximateReceiveCount: '2',
        SentTimestamp: '0',
        SenderId: '',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:jobs',
      awsRegion: 'eu-south-1',
    })),
  };
}
