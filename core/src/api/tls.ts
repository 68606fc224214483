const TLS_ERROR_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;

/** Whether a Node error code means that no trusted TLS connection was established. */
export const isTlsFailure = (code: string): boolean => TLS_ERROR_CODE.test(code);
