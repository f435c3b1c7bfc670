/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is looked for: a row each, and a file each in check/ that holds when it is called. most is how sure a check can
 * be at best; the technique is MITRE FiGHT's; next is what a person should do.
 */
#include "watch/internal.h"

#include <string.h>

/*  hooks, name, most, technique, help, next; sorted by name */
#define CHECKS(ROW)                                                                                                    \
	ROW(address_twice, "address-twice", WATCH_CERTAIN, "FGT5021",                                                  \
	    "one UE address in two live sessions of one network instance at one user-plane function",                  \
	    "find out which session is the subscriber's; have the other deleted, and its controller explained")        \
	ROW(association_churn, "association-churn", WATCH_LIKELY, NULL,                                                \
	    "associations or refused sessions in numbers that no network in order has",                                \
	    "look at who asks: a node that can't stay up, or somebody who exhausts the other side; limit the rate")    \
	ROW(beacon, "beacon", WATCH_LIKELY, "FGT1041",                                                                 \
	    "an element that calls somebody outside at regular times, with little to say",                             \
	    "ask the vendor what is called there and why; block the address until there is an answer")                 \
	ROW(byte_balance, "byte-balance", WATCH_LIKELY, "FGT1020",                                                     \
	    "a user-plane function that sends more of its own than it received",                                       \
	    "find out what it sends to that address; a tap on its other interfaces may explain it")                    \
	ROW(clear_outside, "clear-outside", WATCH_LIKELY, "FGT1040",                                                   \
	    "a protocol of the network in clear on the encrypted side of a security gateway",                          \
	    "find out which way it takes around the gateway; correct taps.csv if the tap is not there")                \
	ROW(cleartext_management, "cleartext-management", WATCH_LIKELY, "FGT1040",                                     \
	    "an element managed over telnet, FTP, TFTP, r-commands or SNMP before version 3",                          \
	    "switch the service off, and manage over SSH, TLS or SNMPv3")                                              \
	ROW(control_in_user_plane, "control-in-user-plane", WATCH_CERTAIN, "FGT1599.505",                              \
	    "a control protocol or a tunnel inside a user's tunnel",                                                   \
	    "block it at the user-plane function, and see which device it comes from")                                 \
	ROW(copied_payload, "copied-payload", WATCH_LIKELY, "FGT1020.001",                                             \
	    "user payload that is sent a second time, where its own session does not lead",                            \
	    "find out what the sender does there; ask the vendor for the reason, and cut the path until there is one") \
	ROW(dns_tunnel, "dns-tunnel", WATCH_LIKELY, "FGT1048.501",                                                     \
	    "queries for many different long names under one domain",                                                  \
	    "see who owns the domain; let elements ask the operator's own resolvers only, for its own names")          \
	ROW(duplicated_forwarding, "duplicated-forwarding", WATCH_CERTAIN, "FGT1020.001",                              \
	    "a forwarding rule that copies a user's packets to anything but a declared interception function",         \
	    "ask the controller's operator for the order behind the rule; if there is none, remove the rule and keep " \
	    "the evidence")                                                                                            \
	ROW(echo_payload, "echo-payload", WATCH_LIKELY, "FGT5042",                                                     \
	    "a GTP echo or PFCP heartbeat that carries more than it needs",                                            \
	    "look at the bytes; a firewall should drop echoes with payload")                                           \
	ROW(ended_tunnel, "ended-tunnel", WATCH_CERTAIN, "FGT1572.501",                                                \
	    "user packets into a tunnel after its release was answered",                                               \
	    "see whether the sender missed the release, or whether somebody else knows the identifier")                \
	ROW(foreign_controller, "foreign-controller", WATCH_CERTAIN, "FGT1557.503",                                    \
	    "a control session at a declared element from somebody who is no declared controller",                     \
	    "block it at the interface; see what it asked for, and whether it was accepted")                           \
	ROW(icmp_tunnel, "icmp-tunnel", WATCH_LIKELY, "FGT1572", "echo messages whose filling is new each time",       \
	    "look at the bytes; limit the size and the rate of ICMP at the border")                                    \
	ROW(identifier_scan, "identifier-scan", WATCH_LIKELY, "FGT5031",                                               \
	    "one address tries many tunnel or session identifiers of another",                                         \
	    "find the host behind the address; it should not reach this interface")                                    \
	ROW(malformed, "malformed", WATCH_CERTAIN, "FGT5045",                                                          \
	    "a message that its standard does not allow: lengths, mandatory elements, bytes left over",                \
	    "look at the frame: a fault of the sender's software, or somebody trying the receiver's")                  \
	ROW(management_egress, "management-egress", WATCH_LIKELY, "FGT1041",                                           \
	    "an element's own address speaks with the world outside the inventory",                                    \
	    "find out which process speaks and why; allow it by name or stop it")                                      \
	ROW(off_link, "off-link", WATCH_LIKELY, NULL,                                                                  \
	    "a protocol of the network at a tap that none of its links passes, or in the direction not heard there",   \
	    "compare the way it takes with the plan; if all is as it should be, add the link in taps.csv")             \
	ROW(older_than_capture, "older-than-capture", WATCH_UNKNOWN, "FGT1572.501",                                    \
	    "user packets in tunnels whose order lies before the capture or out of sight",                             \
	    "capture the control plane from the association's set-up on, or for longer")                               \
	ROW(owner_surprised, "owner-surprised", WATCH_LIKELY, "FGT5008",                                               \
	    "the owner uses a session after it was deleted in its name",                                               \
	    "ask the controller's log whether it sent that deletion; if not, somebody speaks with its address")        \
	ROW(redirected_forwarding, "redirected-forwarding", WATCH_CERTAIN, "FGT5008",                                  \
	    "a forwarding rule that sends a user's packets to an address that is nobody's",                            \
	    "find out what stands at that address, and who ordered the rule")                                          \
	ROW(rogue_registration, "rogue-registration", WATCH_LIKELY, "FGT5007",                                         \
	    "a network function registers with the NRF that nobody has declared",                                      \
	    "have the NRF refuse it; authenticate registrations")                                                      \
	ROW(second_speaker, "second-speaker", WATCH_LIKELY, "FGT1557.503",                                             \
	    "one control address with two interleaved series of sequence numbers and hop counts",                      \
	    "compare with the controller's log; filter its address at every other port, and protect the interface "    \
	    "with IPsec")                                                                                              \
	ROW(session_not_yours, "session-not-yours", WATCH_LIKELY, "FGT5008",                                           \
	    "a session changed or deleted by a peer that does not own it",                                             \
	    "see whether both belong to one pool (then declare it as a group); else block the peer")                   \
	ROW(nothing, "share-over-cap", WATCH_LIKELY, NULL,                                                             \
	    "a vendor's elements carry more of the user traffic than a policy allows",                                 \
	    "compare with the plan: a site off the air or a route that changed, or the shares were never as declared") \
	ROW(spoofed_source, "spoofed-source", WATCH_LIKELY, "FGT1572.501",                                             \
	    "user packets into a known tunnel from an address that nobody names",                                      \
	    "find the host behind the address; accept user traffic from declared base stations only")                  \
	ROW(undeclared_interface, "undeclared-interface", WATCH_CERTAIN, "FGT5004",                                    \
	    "declared elements speak over a reference point that no link declares",                                    \
	    "declare the link, or close the port")                                                                     \
	ROW(undeclared_peer, "undeclared-peer", WATCH_CERTAIN, "FGT1200",                                              \
	    "a protocol of the network between a declared element and an address that is nobody's",                    \
	    "find out what stands at the address; add it to the inventory or cut it off")                              \
	ROW(unlisted_service, "unlisted-service", WATCH_LIKELY, "FGT5012.004",                                         \
	    "a service-based request to a producer that has no such service",                                          \
	    "ask both sides' operators; authorise services by the NRF's tokens")                                       \
	ROW(unordered_tunnel, "unordered-tunnel", WATCH_CERTAIN, "FGT1572.502",                                        \
	    "user packets into a tunnel end that no control message has ordered",                                      \
	    "find out who set the tunnel up; look at what goes through it with --cut")                                 \
	ROW(vendor_differs, "vendor-differs", WATCH_LIKELY, "FGT1195.003",                                             \
	    "the vendor of a profile in the NRF is not the inventory's",                                               \
	    "see which of the two is right: the verdict on the network rests on the inventory")                        \
	ROW(volume_out_of_role, "volume-out-of-role", WATCH_LIKELY, "FGT1048",                                         \
	    "a function of the control plane that moves what only the user plane should",                              \
	    "find out what is sent; messages of the control plane do not fill frame after frame")

#define DECLARE(hooks, ...) extern const struct watch_hooks watch_check_##hooks;
CHECKS(DECLARE)

/* what is judged at the end and not by frames: shares.c */
const struct watch_hooks watch_check_nothing = { 0 };

#define ROW_OF(hooks, name, most, technique, help, next)                                                               \
	{ { name, most, technique, help, next }, &watch_check_##hooks },
const struct watch_check_row watch_checks[] = { CHECKS(ROW_OF) };

size_t watch_check_count(void)
{
	return sizeof watch_checks / sizeof *watch_checks;
}

const struct watch_check *watch_check_at(size_t row)
{
	return &watch_checks[row].about;
}

const char *watch_certainty_name(enum watch_certainty certainty)
{
	static const char *const names[] = { "unknown", "likely", "certain" };

	return names[certainty];
}
