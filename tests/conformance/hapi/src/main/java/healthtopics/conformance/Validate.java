package healthtopics.conformance;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * Runs the HL7 validation engine over many resources in one process, without a network.
 *
 * <p>Reads one JSON object a line: {@code version} (r4 or r5), {@code name}, {@code document}, and
 * {@code definition}: true for a resource that the others may use and that is not judged here: a CodeSystem, a
 * ValueSet, or a StructureDefinition, of which the engine needs no snapshot.
 * Writes one JSON object a line for each issue: name, severity, id, place and message.
 */
public final class Validate {

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Request(String name, boolean isDefinition, String document) {}

  public static void main(String[] arguments) throws Exception {
    Map<String, List<Request>> requests = read();
    // The engine greets on System.out in places; only findings may go there.
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    requests.forEach(
        (version, ofVersion) -> {
          Thread thread = new Thread(() -> validate(version, ofVersion, out));
          thread.setUncaughtExceptionHandler(
              (ignored, failure) -> {
                failure.printStackTrace();
                synchronized (failures) {
                  failures.add(failure);
                }
              });
          thread.start();
          threads.add(thread);
        });
    for (Thread thread : threads) {
      thread.join();
    }
    System.exit(failures.isEmpty() ? 0 : 70);
  }

  private static Map<String, List<Request>> read() throws IOException {
    Map<String, List<Request>> requests = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode request = JSON.readTree(line);
        requests
            .computeIfAbsent(request.required("version").asText(), version -> new ArrayList<>())
            .add(
                new Request(
                    request.required("name").asText(),
                    request.path("definition").asBoolean(),
                    request.required("document").toString()));
      }
    }
    return requests;
  }

  private static void validate(String version, List<Request> requests, PrintStream out) {
    FhirContext context = version.equals("r5") ? FhirContext.forR5() : FhirContext.forR4();
    FhirValidator validator = validator(context, requests);
    for (Request request : requests) {
      if (request.isDefinition()) {
        continue;
      }
      for (SingleValidationMessage message :
          validator.validateWithResult(request.document()).getMessages()) {
        ObjectNode issue =
            JSON.createObjectNode()
                .put("name", request.name())
                .put("severity", message.getSeverity().getCode())
                .put("id", message.getMessageId())
                .put("place", message.getLocationString())
                .put("message", message.getMessage());
        out.println(issue);
      }
    }
  }

  private static FhirValidator validator(FhirContext context, List<Request> requests) {
    PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(context);
    for (Request request : requests) {
      if (request.isDefinition()) {
        IBaseResource resource = context.newJsonParser().parseResource(request.document());
        ours.addResource(resource);
      }
    }
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            ours,
            new SnapshotGeneratingValidationSupport(context),
            new InMemoryTerminologyServerValidationSupport(context));
    FhirInstanceValidator engine = new FhirInstanceValidator(chain);
    engine.setBestPracticeWarningLevel(BestPracticeWarningLevel.Warning);
    engine.setErrorForUnknownProfiles(true);
    engine.setAnyExtensionsAllowed(false);
    return context.newValidator().registerValidatorModule(engine);
  }
}
