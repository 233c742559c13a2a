import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { NodeFunction } from './node-function.ts';

/** Says to the AWS Solutions checks why a function may reach everything under these ARNs, which end in `*`. */
export function explainWildcards(consumer: NodeFunction, arns: readonly string[], reason: string): void {
  const { account } = Stack.of(consumer);
  // The checks spell an account that is only known at deployment like this.
  const spelled = Token.isUnresolved(account) ? '<AWS::AccountId>' : account;
  Validations.of(consumer).acknowledge(
    ...arns.map((arn) => ({
      id: `AwsSolutions-IAM5[Resource::${arn.replaceAll(account, spelled)}]`,
      reason,
    })),
  );
}
