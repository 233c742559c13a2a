import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPoolClient,
  CfnUserPoolGroup,
  UserPool as CognitoUserPool,
  FeaturePlan,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  UserPoolClient,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { ROLES } from '../../events/http/roles.ts';
import { resourceName } from './names.ts';

/** Where `npm run token` waits for the code; Cognito allows plain HTTP for localhost only. */
const LOCAL_CALLBACK = 'http://localhost:8976/callback';
/** A role taken away or an account disabled ends within this time. */
const ACCESS_TOKEN_VALID = Duration.minutes(30);
/** A working day: then the second factor is asked for again. */
const REFRESH_TOKEN_VALID = Duration.hours(12);
const PASSWORD_LENGTH_MIN = 14;
/** An invitation that nobody took up. */
const INVITATION_VALID = Duration.days(3);

/**
 * The people of one tenant: invited by an owner, never by themselves; a second factor for everybody; one group per role.
 * Kept when the stack goes: nobody could sign in to what is left.
 */
export class UserPool extends Construct {
  readonly pool: CognitoUserPool;
  /** Of `npm run token`. */
  readonly client: UserPoolClient;
  /** The pages where people sign in. */
  readonly domain: UserPoolDomain;
  /** Who signs the tokens, as it stands in them. */
  readonly issuer: string;

  constructor(scope: Construct, id: string, { tenant }: { readonly tenant: string }) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    this.pool = new CognitoUserPool(this, 'Pool', {
      userPoolName: resourceName(tenant, 'people'),
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      // No text messages: whoever gets hold of a number would get in.
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: PASSWORD_LENGTH_MIN,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: INVITATION_VALID,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The prefix is known in a whole region: the account makes it the tenant's own.
    const suffix = Token.isUnresolved(account) ? account : account.slice(-6);
    this.domain = this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `${resourceName(tenant, 'people')}-${suffix}` },
    });
    this.client = addProgram(this.pool, 'Client', this.pool, {
      name: resourceName(tenant, 'console'),
      address: LOCAL_CALLBACK,
    });
    for (const [index, role] of ROLES.entries()) {
      new CfnUserPoolGroup(this, `Group-${role}`, {
        userPoolId: this.pool.userPoolId,
        groupName: role,
        precedence: index,
      });
    }
    this.issuer = `https://cognito-idp.${region}.amazonaws.com/${this.pool.userPoolId}`;
  }
}

/**
 * A program that people sign in to: it runs in their browser and keeps no secret, so the code flow with PKCE and nothing
 * else. It stands where its address is known.
 */
export function addProgram(
  scope: Construct,
  id: string,
  pool: CognitoUserPool,
  { name, address }: { readonly name: string; readonly address: string },
): UserPoolClient {
  const client = new UserPoolClient(scope, id, {
    userPool: pool,
    userPoolClientName: name,
    generateSecret: false,
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID],
      callbackUrls: [address],
      logoutUrls: [address],
    },
    accessTokenValidity: ACCESS_TOKEN_VALID,
    idTokenValidity: ACCESS_TOKEN_VALID,
    refreshTokenValidity: REFRESH_TOKEN_VALID,
    enableTokenRevocation: true,
    preventUserExistenceErrors: true,
  });
  // CDK says nothing where it is told of none, and nothing means all of Cognito's usual ones.
  (client.node.defaultChild as CfnUserPoolClient).explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
  return client;
}
