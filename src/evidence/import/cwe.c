/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of weaknesses (MITRE CWE), for test 6.1.11 of CSAF. Only those that are met most often and whose name has stood
 * since list version 4.0: for the others a document's name is taken as it is, because several of them were renamed.
 */
#include "evidence/import/csaf.h"

#include <string.h>

static const struct weakness {
	const char *id, *name;
} weaknesses[] = {
	{ "CWE-20", "Improper Input Validation" },
	{ "CWE-22", "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')" },
	{ "CWE-59", "Improper Link Resolution Before File Access ('Link Following')" },
	{ "CWE-74",
	  "Improper Neutralization of Special Elements in Output Used by a Downstream Component ('Injection')" },
	{ "CWE-77", "Improper Neutralization of Special Elements used in a Command ('Command Injection')" },
	{ "CWE-78", "Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection')" },
	{ "CWE-79", "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')" },
	{ "CWE-89", "Improper Neutralization of Special Elements used in an SQL Command ('SQL Injection')" },
	{ "CWE-90", "Improper Neutralization of Special Elements used in an LDAP Query ('LDAP Injection')" },
	{ "CWE-94", "Improper Control of Generation of Code ('Code Injection')" },
	{ "CWE-116", "Improper Encoding or Escaping of Output" },
	{ "CWE-119", "Improper Restriction of Operations within the Bounds of a Memory Buffer" },
	{ "CWE-120", "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')" },
	{ "CWE-121", "Stack-based Buffer Overflow" },
	{ "CWE-122", "Heap-based Buffer Overflow" },
	{ "CWE-125", "Out-of-bounds Read" },
	{ "CWE-126", "Buffer Over-read" },
	{ "CWE-129", "Improper Validation of Array Index" },
	{ "CWE-131", "Incorrect Calculation of Buffer Size" },
	{ "CWE-134", "Use of Externally-Controlled Format String" },
	{ "CWE-190", "Integer Overflow or Wraparound" },
	{ "CWE-191", "Integer Underflow (Wrap or Wraparound)" },
	{ "CWE-193", "Off-by-one Error" },
	{ "CWE-250", "Execution with Unnecessary Privileges" },
	{ "CWE-252", "Unchecked Return Value" },
	{ "CWE-259", "Use of Hard-coded Password" },
	{ "CWE-269", "Improper Privilege Management" },
	{ "CWE-276", "Incorrect Default Permissions" },
	{ "CWE-284", "Improper Access Control" },
	{ "CWE-285", "Improper Authorization" },
	{ "CWE-287", "Improper Authentication" },
	{ "CWE-288", "Authentication Bypass Using an Alternate Path or Channel" },
	{ "CWE-290", "Authentication Bypass by Spoofing" },
	{ "CWE-294", "Authentication Bypass by Capture-replay" },
	{ "CWE-295", "Improper Certificate Validation" },
	{ "CWE-306", "Missing Authentication for Critical Function" },
	{ "CWE-307", "Improper Restriction of Excessive Authentication Attempts" },
	{ "CWE-311", "Missing Encryption of Sensitive Data" },
	{ "CWE-312", "Cleartext Storage of Sensitive Information" },
	{ "CWE-319", "Cleartext Transmission of Sensitive Information" },
	{ "CWE-321", "Use of Hard-coded Cryptographic Key" },
	{ "CWE-326", "Inadequate Encryption Strength" },
	{ "CWE-327", "Use of a Broken or Risky Cryptographic Algorithm" },
	{ "CWE-330", "Use of Insufficiently Random Values" },
	{ "CWE-345", "Insufficient Verification of Data Authenticity" },
	{ "CWE-346", "Origin Validation Error" },
	{ "CWE-347", "Improper Verification of Cryptographic Signature" },
	{ "CWE-352", "Cross-Site Request Forgery (CSRF)" },
	{ "CWE-362", "Concurrent Execution using Shared Resource with Improper Synchronization ('Race Condition')" },
	{ "CWE-367", "Time-of-check Time-of-use (TOCTOU) Race Condition" },
	{ "CWE-369", "Divide By Zero" },
	{ "CWE-384", "Session Fixation" },
	{ "CWE-404", "Improper Resource Shutdown or Release" },
	{ "CWE-415", "Double Free" },
	{ "CWE-416", "Use After Free" },
	{ "CWE-426", "Untrusted Search Path" },
	{ "CWE-427", "Uncontrolled Search Path Element" },
	{ "CWE-434", "Unrestricted Upload of File with Dangerous Type" },
	{ "CWE-476", "NULL Pointer Dereference" },
	{ "CWE-494", "Download of Code Without Integrity Check" },
	{ "CWE-502", "Deserialization of Untrusted Data" },
	{ "CWE-521", "Weak Password Requirements" },
	{ "CWE-522", "Insufficiently Protected Credentials" },
	{ "CWE-601", "URL Redirection to Untrusted Site ('Open Redirect')" },
	{ "CWE-613", "Insufficient Session Expiration" },
	{ "CWE-617", "Reachable Assertion" },
	{ "CWE-639", "Authorization Bypass Through User-Controlled Key" },
	{ "CWE-665", "Improper Initialization" },
	{ "CWE-667", "Improper Locking" },
	{ "CWE-674", "Uncontrolled Recursion" },
	{ "CWE-682", "Incorrect Calculation" },
	{ "CWE-704", "Incorrect Type Conversion or Cast" },
	{ "CWE-732", "Incorrect Permission Assignment for Critical Resource" },
	{ "CWE-754", "Improper Check for Unusual or Exceptional Conditions" },
	{ "CWE-770", "Allocation of Resources Without Limits or Throttling" },
	{ "CWE-772", "Missing Release of Resource after Effective Lifetime" },
	{ "CWE-787", "Out-of-bounds Write" },
	{ "CWE-798", "Use of Hard-coded Credentials" },
	{ "CWE-824", "Access of Uninitialized Pointer" },
	{ "CWE-829", "Inclusion of Functionality from Untrusted Control Sphere" },
	{ "CWE-835", "Loop with Unreachable Exit Condition ('Infinite Loop')" },
	{ "CWE-843", "Access of Resource Using Incompatible Type ('Type Confusion')" },
	{ "CWE-862", "Missing Authorization" },
	{ "CWE-863", "Incorrect Authorization" },
	{ "CWE-908", "Use of Uninitialized Resource" },
	{ "CWE-918", "Server-Side Request Forgery (SSRF)" },
	{ "CWE-1333", "Inefficient Regular Expression Complexity" },
};

const char *cwe_name(const char *id)
{
	for (size_t i = 0; i < sizeof weaknesses / sizeof *weaknesses; i++)
		if (!strcmp(weaknesses[i].id, id))
			return weaknesses[i].name;
	return NULL;
}
