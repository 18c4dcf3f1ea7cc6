export default `Voici un envoi groupé de la liste de diffusion $display_name. Vos
propres messages sont à envoyer à

    $got_list_email

Pour vous abonner, vous désabonner ou obtenir de l'aide, envoyez un
message ayant pour objet le mot « help » à

    $got_request_email

Les responsables de la liste peuvent être joints à l'adresse

    $got_owner_email

Si vous répondez à ce que vous avez lu ici, veuillez reprendre l'objet
du message en question et n'en citer que ce dont vos lecteurs ont
besoin.
`;
