export default `Hilfe zur Mailingliste $listname

Schicken Sie diese Befehle an $request_email, als Betreff einer
Nachricht oder in ihrem Text, je Zeile einen. Was in Klammern steht,
darf fehlen.

    join [digest=no|mime|plain] [address=ADRESSE]
        Mitglied werden: mit jedem Beitrag als eigener Nachricht oder
        mit Sammelsendungen, als MIME oder als reiner Text.
        "subscribe" bewirkt dasselbe.

    leave [address=ADRESSE]
        Die Liste verlassen. "unsubscribe" bewirkt dasselbe.

    confirm KENNWORT
        Einen Antrag bestätigen. Das Kennwort steht in der Nachricht,
        die um die Bestätigung bittet.

    who [delivery=enabled|disabled] [mode=regular|digest]
        Die Mitglieder der Liste, sofern Sie sie sehen dürfen.

    echo WORTE
        Die Worte zurückschicken, um zu sehen, ob Ihre Post ankommt.

    help [BEFEHL]
        Alle Befehle, oder mehr über einen von ihnen.

    end
        Nicht weiterlesen; was folgt, ist nicht für uns bestimmt.
        "stop" bewirkt dasselbe.

Zum Beitreten oder Verlassen genügt auch eine Nachricht an
$short_listname-join@$domain oder $short_listname-leave@$domain.

Ihre Fragen beantworten die Eigentümer der Liste unter $owner_email.
`;
