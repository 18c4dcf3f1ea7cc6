/** A host as it stands in a URL: an IPv6 address in brackets (RFC 3986 3.2.2). @param host may have them already */
export function hostInUrl(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare.includes(':') ? `[${bare}]` : bare;
}

/** The same for links that people follow: nobody can open the address of "all interfaces". */
export function reachableHost(host: string): string {
  const shown = hostInUrl(host);
  return shown === '0.0.0.0' || shown === '[::]' ? 'localhost' : shown;
}
