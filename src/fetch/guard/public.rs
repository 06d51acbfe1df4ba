//! Which addresses are public, by the registries of special-purpose addresses (IANA; RFC 6890 and after). Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Whether an address is globally routable (IANA special-purpose registries, RFC 6890 and after), cloud metadata
/// services left out. Addresses that carry an IPv4 one inside are as public as that one.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Whether a contact is needed to ask this address: every public one, and those reserved for documentation, which stand
/// for public ones wherever they are written (RFC 5737, RFC 3849, RFC 9637).
pub(super) fn counts_as_public(ip: IpAddr) -> bool {
    let documentation = match ip.to_canonical() {
        IpAddr::V4(ip) => DOCUMENTATION_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => DOCUMENTATION_V6.iter().any(|net| net.contains(&ip)),
    };
    documentation || is_public(ip)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    let inside = match ip.segments() {
        // 6to4 (RFC 3056); NAT64 (RFC 6052).
        [0x2002, high, low, ..] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        _ => None,
    };
    match inside {
        Some(v4) => is_public(IpAddr::V4(v4)),
        None => GLOBAL_V6.contains(&ip) && !SPECIAL_V6.iter().any(|net| net.contains(&ip)),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT; Alibaba's metadata service too
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's metadata service, in public space
    v4(169, 254, 0, 0, 16),   // link-local; most metadata services
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 88, 99, 0, 24),   // 6to4 relays, withdrawn
    v4(192, 168, 0, 0, 16),   // private
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved; broadcast
];

const DOCUMENTATION_V4: &[Ipv4Net] = &[v4(192, 0, 2, 0, 24), v4(198, 51, 100, 0, 24), v4(203, 0, 113, 0, 24)];

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// The only block global addresses are given from.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

const SPECIAL_V6: &[Ipv6Net] = &[
    v6(0x2001, 0, 23),     // protocol assignments: Teredo, benchmarks, ORCHID
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x3fff, 0, 20),     // documentation
];

const DOCUMENTATION_V6: &[Ipv6Net] = &[v6(0x2001, 0xdb8, 32), v6(0x3fff, 0, 20)];

#[cfg(test)]
mod tests {
    const SPECIAL: &str = "0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254 \
        172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 \
        198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 \
        ::7f00:1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:20::1 \
        2001:db8::1 2002:7f00:1:: 2002:c0a8:101:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 \
        ff02::1";
    const PUBLIC: &str = "1.1.1.1 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 202.112.0.36 \
        223.255.255.254 2001:da8::1 2400:3200::1 ::ffff:202.112.0.36 64:ff9b::808:808 2002:808:808::";

    #[test]
    fn special_addresses_are_not_public() {
        let is_public = |ip: &&str| super::is_public(ip.parse().unwrap());
        assert_eq!(SPECIAL.split(' ').filter(is_public).collect::<Vec<_>>(), [""; 0]);
        assert_eq!(PUBLIC.split(' ').filter(|ip| !is_public(ip)).collect::<Vec<_>>(), [""; 0]);
    }
}
