const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** Whether Node's code of a failure says that there was no trusted TLS connection. */
export const isTlsFailure = (code: string): boolean => TLS.test(code);
