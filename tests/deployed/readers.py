"""Who may read the wallboard: an issuer of tokens, with one reader.

Invariant: a token is good for the audience that it was made for, and no other.
"""

from sandbox import REGION

PASSWORD = "Reader-of-1-wallboard"


class Readers:
    """A user pool in a sandbox, and its one user."""

    def __init__(self, sandbox):
        self.cognito = sandbox.client("cognito-idp")
        self.pool = self.cognito.create_user_pool(PoolName="readers")["UserPool"]["Id"]
        self.audience = self.add_client("wallboard")
        self.cognito.admin_create_user(
            UserPoolId=self.pool, Username="reader", MessageAction="SUPPRESS"
        )
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool, Username="reader", Password=PASSWORD, Permanent=True
        )
        self.issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{self.pool}"

    def add_client(self, name):
        client = self.cognito.create_user_pool_client(
            UserPoolId=self.pool, ClientName=name, ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"]
        )
        return client["UserPoolClient"]["ClientId"]

    def token(self, audience=None):
        """A token of the reader for the wallboard, or for another audience."""
        answer = self.cognito.admin_initiate_auth(
            UserPoolId=self.pool,
            ClientId=audience or self.audience,
            AuthFlow="ADMIN_NO_SRP_AUTH",
            AuthParameters={"USERNAME": "reader", "PASSWORD": PASSWORD},
        )
        return answer["AuthenticationResult"]["IdToken"]
