/** Error codes of Node and OpenSSL: https://nodejs.org/api/tls.html#x509-certificate-error-codes and https://nodejs.org/api/errors.html */
const TLS_ERROR_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|ERROR_IN_C|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_)/;

/** Whether a Node error code means that TLS failed, for example because the certificate is not trusted. */
export const isTlsFailure = (code: string): boolean => TLS_ERROR_CODE.test(code);

/** Whether a Node error code means that the other end broke the TLS protocol, for example because it speaks plain HTTP. */
export const isTlsProtocolFailure = (code: string): boolean => /^(ERR_SSL|EPROTO)/.test(code);
