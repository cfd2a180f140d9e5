// A certified OpenID Connect provider (npm oidc-provider) on loopback, with one client. Whoever types a name is that person.
// node openid_provider.mjs PORT CLIENT SECRET BACK ALGORITHM
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, client, secret, back, algorithm] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const made = algorithm === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...made.privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: algorithm };

const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [back], id_token_signed_response_alg: algorithm }],
  jwks: { keys: [key] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  loadExistingGrant: granted,
});

async function granted({ oidc }) {
  const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid");
  await grant.save();
  return grant;
}

const page = `<!doctype html><html lang="fr"><title>Fournisseur</title><form method="post">
<label>Identifiant <input name="login" autofocus></label><button>Continuer</button></form>`;

async function body(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/sign-in/")) return next();
  if (ctx.method !== "POST") {
    ctx.type = "html";
    ctx.body = page;
    return undefined;
  }
  const accountId = (await body(ctx.req)).get("login");
  const to = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId, remember: false } });
  ctx.status = 303;
  ctx.redirect(to);
  return undefined;
});

provider.listen(Number(port), "127.0.0.1");
