package healthtopics.conformance;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.util.FhirTerser;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * Loads a FHIR package with HAPI's package support: {@code Load r4|r5 NAME}, a file on the class path. Writes the
 * type and canonical URL of each definition that it then offers to validators, one a line.
 */
public final class Load {

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    FhirContext context = arguments[0].equals("r5") ? FhirContext.forR5() : FhirContext.forR4();
    NpmPackageValidationSupport support = new NpmPackageValidationSupport(context);
    support.loadPackageFromClasspath("classpath:" + arguments[1]);
    FhirTerser terser = context.newTerser();
    for (IBaseResource resource : support.fetchAllConformanceResources()) {
      String url = terser.getSinglePrimitiveValueOrNull(resource, "url");
      out.println(context.getResourceType(resource) + " " + url);
    }
  }
}
