export default `Dies ist eine Sammelsendung der Mailingliste $display_name. Ihre
eigenen Beiträge schicken Sie bitte an

    $got_list_email

Um der Liste beizutreten, sie zu verlassen oder Hilfe zu erhalten,
schicken Sie eine Nachricht mit dem Betreff "help" an

    $got_request_email

Die Betreuer der Liste erreichen Sie unter

    $got_owner_email

Wenn Sie auf etwas antworten, das Sie hier gelesen haben, übernehmen
Sie bitte den Betreff jenes Beitrags, und zitieren Sie daraus nur, was
zum Verständnis notwendig ist.
`;
