/** JWTs without the library of the sandbox. */
import { createPublicKey, createSign, createVerify, type JsonWebKey, type KeyObject } from "node:crypto";

/** The header and the claims of a token. */
export function decodeToken(token: string): Record<"header" | "claims", Record<string, unknown>> {
  const [header = "", claims = ""] = token.split(".");
  return { header: decodePart(header), claims: decodePart(claims) };
}

/** Whether one of the public keys (JWKS) has created the signature of a token. */
export function hasSignature(token: string, keySet: { keys: (JsonWebKey & { kid: string })[] }): boolean {
  const { header } = decodeToken(token);
  const key = keySet.keys.find(({ kid }) => kid === header["kid"]);
  const at = token.lastIndexOf(".");
  return (
    key !== undefined &&
    createVerify("RSA-SHA256")
      .update(token.slice(0, at))
      .verify(createPublicKey({ key, format: "jwk" }), token.slice(at + 1), "base64url")
  );
}

/** Creates a token with the signature of a private key. */
export function createToken(header: unknown, claims: unknown, privateKey: KeyObject): string {
  const content = `${encodePart(header)}.${encodePart(claims)}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
}

/** Encodes the header or the claims of a token. */
export const encodePart = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");

const decodePart = (text: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
