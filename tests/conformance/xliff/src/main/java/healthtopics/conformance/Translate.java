package healthtopics.conformance;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.sf.okapi.common.Event;
import net.sf.okapi.common.IResource;
import net.sf.okapi.common.LocaleId;
import net.sf.okapi.common.filterwriter.IFilterWriter;
import net.sf.okapi.common.resource.ITextUnit;
import net.sf.okapi.common.resource.RawDocument;
import net.sf.okapi.common.resource.TextContainer;
import net.sf.okapi.common.filters.IFilter;
import net.sf.okapi.filters.xliff.XLIFFFilter;
import net.sf.okapi.filters.xliff2.XLIFF2Filter;

/**
 * Reads an XLIFF file as a translation tool does and writes it again:
 * {@code Translate <in> <out> keep|append xliff-1|xliff-2}. With {@code append}, every translation becomes the English, codes and all, with " (es)" at its end. Prints a line
 * for each unit: id, number of codes in the English, whether it had a translation.
 */
public final class Translate {
    private Translate() {}

    public static void main(String[] arguments) {
        var spanish = LocaleId.fromString("es");
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (IFilter filter = arguments[3].equals("xliff-2") ? new XLIFF2Filter() : new XLIFFFilter();
                IFilterWriter writer = filter.createFilterWriter()) {
            writer.setOptions(spanish, "UTF-8");
            writer.setOutput(arguments[1]);
            filter.open(new RawDocument(Path.of(arguments[0]).toUri(), "UTF-8", LocaleId.ENGLISH, spanish));
            while (filter.hasNext()) {
                Event event = filter.next();
                if (event.isTextUnit()) {
                    ITextUnit unit = event.getTextUnit();
                    boolean isTranslated = unit.hasTarget(spanish) && !unit.getTarget(spanish).isEmpty();
                    int codes = unit.getSource().getUnSegmentedContentCopy().getCodes().size();
                    out.println(unit.getId() + "\t" + codes + "\t" + isTranslated);
                    if (arguments[2].equals("append")) {
                        TextContainer target = unit.createTarget(spanish, true, IResource.COPY_ALL);
                        target.getLastContent().append(" (es)");
                    }
                }
                writer.handleEvent(event);
            }
        }
    }
}
