/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulkgen: writes an invented bulk CM file (3GPP TS 28.616) of about so many megabytes to standard output: base stations
 * in three parts with cells, neighbour relations, end points, and the data in vendors' own form that makes most of a real
 * file. The same arguments give the same bytes.
 *
 *     bulkgen MEGABYTES
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static size_t written;

#define OUT(...) (written += (size_t)printf(__VA_ARGS__))

static uint32_t next(void)
{
	static uint64_t state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

static void vendor_data(const char *indent, const char *type, unsigned parameters)
{
	OUT("%s<xn:VsDataContainer id=\"%u\">\n%s <xn:attributes>\n%s  <xn:vsDataType>vsData%s</xn:vsDataType>\n"
	    "%s  <xn:vsDataFormatVersion>AlderSpecificAttributes.22.4</xn:vsDataFormatVersion>\n%s  <al:vsData%s>\n",
	    indent, next() % 1000, indent, indent, type, indent, indent, type);
	for (unsigned i = 0; i < parameters; i++)
		OUT("%s   <al:%sParameter%u>%u</al:%sParameter%u>\n", indent, type, i, next() % 100000, type, i);
	OUT("%s  </al:vsData%s>\n%s </xn:attributes>\n%s</xn:VsDataContainer>\n", indent, type, indent, indent);
}

static void cell(unsigned number)
{
	OUT("     <nn:NRCellDU id=\"%u\">\n      <nn:attributes>\n       <nn:userLabel>cell %u</nn:userLabel>\n"
	    "       <nn:operationalState>enabled</nn:operationalState>\n       <nn:cellState>ACTIVE</nn:cellState>\n"
	    "       <nn:pLMNIdList><en:pLMNId><en:mcc>530</en:mcc><en:mnc>01</en:mnc></en:pLMNId></nn:pLMNIdList>\n"
	    "       <nn:nRpci>%u</nn:nRpci>\n       <nn:nRTac>%u</nn:nRTac>\n       <nn:arfcnDL>%u</nn:arfcnDL>\n"
	    "       <nn:bSChannelBwDL>100</nn:bSChannelBwDL>\n      </nn:attributes>\n",
	    number, number, next() % 1008, next() % 65536, 600000 + next() % 50000);
	vendor_data("      ", "NRCellDU", 40);
	OUT("     </nn:NRCellDU>\n");
}

static void end_point(const char *class, unsigned site, unsigned far, const char *function)
{
	OUT("     <nn:%s id=\"%u\">\n      <nn:attributes>\n"
	    "       <nn:localAddress><nn:ipv4Address>10.%u.%u.1</nn:ipv4Address><nn:vlanId>%u</nn:vlanId></nn:localAddress>\n"
	    "       <nn:farEndEntity>DC=example,SubNetwork=1,ManagedElement=%u,%s=1,%s=1</nn:farEndEntity>\n"
	    "      </nn:attributes>\n     </nn:%s>\n",
	    class, far, site >> 8 & 255, site & 255, next() % 4096, far, function, class, class);
}

static void station(unsigned site)
{
	static const char *const vendors[] = { "Alder Radio", "Birch Networks", "Cornus" };

	OUT("   <xn:ManagedElement id=\"%u\">\n    <xn:attributes>\n     <xn:userLabel>gnb %u</xn:userLabel>\n"
	    "     <xn:vendorName>%s</xn:vendorName>\n     <xn:userDefinedState>in service</xn:userDefinedState>\n"
	    "     <xn:locationName>site %u</xn:locationName>\n     <xn:swVersion>22.%u</xn:swVersion>\n    </xn:attributes>\n",
	    site, site, vendors[site / 500 % 3], site, site % 3);
	OUT("    <nn:GNBDUFunction id=\"1\">\n     <nn:attributes><nn:userLabel>du %u</nn:userLabel><nn:gnbId>%u</nn:gnbId>"
	    "</nn:attributes>\n", site, site);
	for (unsigned i = 0; i < 6; i++)
		cell(i + 1);
	end_point("EP_F1C", site, site, "GNBCUCPFunction");
	OUT("    </nn:GNBDUFunction>\n    <nn:GNBCUCPFunction id=\"1\">\n     <nn:attributes><nn:userLabel>cu %u</nn:userLabel>"
	    "</nn:attributes>\n", site);
	for (unsigned i = 0; i < 30; i++)
		OUT("     <nn:NRCellRelation id=\"%u\"><nn:attributes><nn:nRTCI>%u</nn:nRTCI><nn:isRemoveAllowed>true"
		    "</nn:isRemoveAllowed></nn:attributes></nn:NRCellRelation>\n", i, next());
	end_point("EP_XnC", site, site ? site - 1 : 0, "GNBCUCPFunction");
	end_point("EP_NgC", site, 0, "AMFFunction");
	vendor_data("     ", "GNBCUCPFunctionExtra", 120);
	OUT("    </nn:GNBCUCPFunction>\n    <nn:GNBCUUPFunction id=\"1\">\n     <nn:attributes><nn:userLabel>up %u</nn:userLabel>"
	    "</nn:attributes>\n", site);
	end_point("EP_NgU", site, 0, "UPFFunction");
	OUT("    </nn:GNBCUUPFunction>\n   </xn:ManagedElement>\n");
}

int main(int count, char **arguments)
{
	size_t wanted = count == 2 ? strtoul(arguments[1], NULL, 10) * 1000000 : 0;

	if (!wanted) {
		fprintf(stderr, "usage: bulkgen MEGABYTES\n");
		return 64;
	}
	OUT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<bulkCmConfigDataFile xmlns=\"http://www.3gpp.org/ftp/specs/archive/32_series/32.616#configData\""
	    " xmlns:xn=\"http://www.3gpp.org/ftp/specs/archive/28_series/28.623#genericNrm\""
	    " xmlns:en=\"http://www.3gpp.org/ftp/specs/archive/28_series/28.659#eutranNrm\""
	    " xmlns:nn=\"http://www.3gpp.org/ftp/specs/archive/28_series/28.541#nrNrm\" xmlns:al=\"urn:alder\">\n"
	    " <fileHeader fileFormatVersion=\"32.616 V15.0\" senderName=\"DC=example\" vendorName=\"Alder\"/>\n"
	    " <configData dnPrefix=\"DC=example\">\n  <xn:SubNetwork id=\"1\">\n");
	for (unsigned site = 0; written < wanted; site++)
		station(site);
	OUT("  </xn:SubNetwork>\n </configData>\n <fileFooter dateTime=\"2026-01-01T00:00:00Z\"/>\n</bulkCmConfigDataFile>\n");
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 74;
}
