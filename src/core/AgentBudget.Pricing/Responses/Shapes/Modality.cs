using System.Text;
using AgentBudget.Pricing.Responses.Wire;

namespace AgentBudget.Pricing.Responses.Shapes;

/// <summary>Google's counts by modality: text and video count as they are, audio and images apart.</summary>
internal static class Modality
{
    /// <summary>Adds an item to what is audio or images.</summary>
    public static void Read(FieldValues values, WireField audio, WireField image)
    {
        var name = values.Text(WireField.ItemType);
        var field =
            Ascii.EqualsIgnoreCase(name, "audio"u8) ? audio
            : Ascii.EqualsIgnoreCase(name, "image"u8) ? image
            : WireField.None;
        if (field != WireField.None)
            values.Add(field, values[WireField.ItemInput]);
        values.DropItem();
    }
}
