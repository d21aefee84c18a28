// A real OpenID Connect provider on a free port of this machine, for one test.
//
//   node provider.mjs '{"redirect_uri": "http://localhost/staff-sign-in/openid", ...}'
//
// Prints {"issuer": "http://127.0.0.1:PORT"} when it takes requests. Everybody may sign in on
// its own pages: the name typed there is the subject.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const wanted = JSON.parse(process.argv[2]);

function key(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

function provider(issuer) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: wanted.client_id,
        client_secret: wanted.client_secret,
        token_endpoint_auth_method: wanted.authentication,
        redirect_uris: [wanted.redirect_uri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    jwks: { keys: [key("other"), key("first")] },
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, name: `${subject} of the council`, email: `${subject}@example.org` }),
    }),
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    conformIdTokenClaims: false,
  });
}

// Its own pages for tests ask another house for a font.
async function withoutFonts(context, next) {
  await next();
  if (typeof context.body === "string") {
    context.body = context.body.replace(/@import url\([^)]*\);?/g, "");
  }
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const running = provider(issuer);
  running.use(withoutFonts);
  server.on("request", running.callback());
  console.log(JSON.stringify({ issuer }));
});
process.stdin.resume().on("end", () => process.exit(0));
