// Names under localhost are this machine (RFC 6761, section 6.3), on systems too whose resolver does not know it.
import dns from 'node:dns';

const systemLookup = dns.lookup;
dns.lookup = (name, ...rest) => systemLookup(name.endsWith('.localhost') ? 'localhost' : name, ...rest);
